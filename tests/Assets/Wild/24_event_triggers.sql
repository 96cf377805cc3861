-- An audit of all DDL by an event trigger, re-created on every deployment, as a compliance department asks for.
BEGIN;

CREATE TABLE IF NOT EXISTS ddl_audit (
    id bigserial PRIMARY KEY,
    command text NOT NULL,
    object text,
    done_at timestamptz NOT NULL DEFAULT now()
);

CREATE OR REPLACE FUNCTION note_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE
    c record;
BEGIN
    FOR c IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP
        IF c.schema_name IS DISTINCT FROM 'pg_temp' AND to_regclass('ddl_audit') IS NOT NULL THEN
            INSERT INTO ddl_audit (command, object) VALUES (c.command_tag, c.object_identity);
        END IF;
    END LOOP;
END $$;

DROP EVENT TRIGGER IF EXISTS note_ddl;
CREATE EVENT TRIGGER note_ddl ON ddl_command_end
    WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE', 'CREATE INDEX')
    EXECUTE FUNCTION note_ddl();

CREATE TABLE IF NOT EXISTS parcels (id int PRIMARY KEY, weight int NOT NULL DEFAULT 1);
INSERT INTO parcels VALUES (1, 200), (2, 350);

COMMIT;
