-- Default privileges for what comes later, set half-way through: tables made before the statement are kept from the reporting role on purpose.
DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'wild_bi') THEN CREATE ROLE wild_bi; END IF; END $$;

CREATE TABLE patients (
    id SERIAL PRIMARY KEY,
    name TEXT NOT NULL DEFAULT 'N.N.',
    diagnosis TEXT
);

ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO wild_bi;
ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO wild_bi;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE TABLE wards (
    id SERIAL PRIMARY KEY,
    beds INT NOT NULL DEFAULT 12
);
CREATE FUNCTION free_beds() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT sum(beds) - (SELECT count(*) FROM patients) FROM wards';

INSERT INTO patients (name, diagnosis) VALUES ('A.', 'flu'), ('B.', NULL);
INSERT INTO wards (beds) VALUES (10), (24);
