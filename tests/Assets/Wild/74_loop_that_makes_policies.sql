-- One loop that puts every table with a tenant_id under the same policy, in all schemas, run again whenever a table has come.
CREATE TABLE leads (id int PRIMARY KEY, tenant_id int NOT NULL DEFAULT 1, name text NOT NULL DEFAULT '');
CREATE TABLE deals (id int PRIMARY KEY, tenant_id int NOT NULL DEFAULT 1, cents int NOT NULL DEFAULT 0);

CREATE OR REPLACE FUNCTION tenant() RETURNS int LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN nullif(current_setting('app.tenant_id', true), '')::int;
END
$$;

DO $$
DECLARE
    t record;
BEGIN
    FOR t IN
        SELECT n.nspname, c.relname
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE a.attname = 'tenant_id' AND c.relkind = 'r'
    LOOP
        EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', t.nspname, t.relname);
        EXECUTE format('DROP POLICY IF EXISTS tenant_only ON %I.%I', t.nspname, t.relname);
        EXECUTE format('CREATE POLICY tenant_only ON %I.%I USING (tenant_id = tenant())', t.nspname, t.relname);
    END LOOP;
END
$$;

INSERT INTO leads VALUES (1, 1, 'Ann'), (2, 2, 'Bob');
INSERT INTO deals VALUES (1, 1, 100), (2, 2, 250);
