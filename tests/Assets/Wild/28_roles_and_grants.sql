-- Roles made where they are missing, and rights on tables, columns, sequences and functions, as an infrastructure team demands them.
DO $do$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'wild_app') THEN
        CREATE ROLE wild_app NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'wild_report') THEN
        CREATE ROLE wild_report NOLOGIN IN ROLE wild_app;
    END IF;
END
$do$;

CREATE TABLE salaries (
    employee int PRIMARY KEY,
    name text NOT NULL DEFAULT 'unknown',
    cents bigint NOT NULL DEFAULT 0
);
CREATE SEQUENCE badge_numbers START 5000;
CREATE FUNCTION raise_all(percent int) RETURNS void LANGUAGE sql AS $$ UPDATE salaries SET cents = cents * (100 + percent) / 100 $$;
CREATE TYPE pay_grade AS ENUM ('junior', 'senior');
CREATE VIEW employees AS SELECT employee, name FROM salaries;

REVOKE ALL ON salaries FROM PUBLIC;
REVOKE ALL ON FUNCTION raise_all(int) FROM PUBLIC;
REVOKE USAGE ON TYPE pay_grade FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE ON salaries TO wild_app;
GRANT SELECT (employee, name), REFERENCES (employee) ON salaries TO wild_report WITH GRANT OPTION;
GRANT USAGE, SELECT ON SEQUENCE badge_numbers TO wild_app;
GRANT EXECUTE ON FUNCTION raise_all(int) TO wild_app;
GRANT SELECT ON employees TO PUBLIC;
GRANT USAGE ON TYPE pay_grade TO wild_app;
ALTER TABLE salaries OWNER TO wild_app;
ALTER ROLE wild_report SET statement_timeout = '5min';

INSERT INTO salaries VALUES (1, 'Ann', 500000), (2, 'Bob', 450000);
