-- CREATE ROLE as it stands in the manual, in a migration that runs once on each server, and so never met the role it makes.
CREATE ROLE wild_auditor NOLOGIN;
CREATE ROLE wild_clerk NOLOGIN;

CREATE TABLE vouchers (
    id serial PRIMARY KEY,
    cents int NOT NULL DEFAULT 100,
    approved_by name
);
GRANT SELECT ON vouchers TO wild_auditor;
GRANT SELECT, INSERT ON vouchers TO wild_clerk;
GRANT USAGE ON SEQUENCE vouchers_id_seq TO wild_clerk;

INSERT INTO vouchers (cents, approved_by) VALUES (500, 'ann'), (750, NULL);
