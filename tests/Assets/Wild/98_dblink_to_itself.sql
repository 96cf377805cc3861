-- A log that survives a rollback, written over dblink to the same database: an autonomous transaction as Oracle people miss it.
CREATE EXTENSION IF NOT EXISTS dblink;

CREATE TABLE job_log (id bigserial PRIMARY KEY, line text NOT NULL DEFAULT '', at timestamp NOT NULL DEFAULT '2024-01-01');

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_foreign_server WHERE srvname = 'own_database') THEN
        EXECUTE format('CREATE SERVER own_database FOREIGN DATA WRAPPER dblink_fdw OPTIONS (dbname %L)', current_database());
        CREATE USER MAPPING FOR CURRENT_USER SERVER own_database;
        GRANT USAGE ON FOREIGN SERVER own_database TO PUBLIC;
    END IF;
END
$$;

CREATE OR REPLACE FUNCTION log_line(p_line text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM dblink_exec('own_database', format('INSERT INTO job_log (line) VALUES (%L)', p_line));
END
$$;

INSERT INTO job_log (line) VALUES ('installed');
