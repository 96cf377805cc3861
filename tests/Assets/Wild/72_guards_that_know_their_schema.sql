-- The same guards written with care: by current_schema(), by to_regclass, by regclass casts and by IF NOT EXISTS where there is one.
DO $$
BEGIN
    IF to_regtype('lamp_state') IS NULL THEN
        CREATE TYPE lamp_state AS ENUM ('on', 'off');
    END IF;
    IF to_regclass('lamps') IS NULL THEN
        CREATE TABLE lamps (id int PRIMARY KEY, state lamp_state NOT NULL DEFAULT 'off');
    END IF;
    IF NOT EXISTS (
        SELECT FROM information_schema.columns
        WHERE table_schema = current_schema() AND table_name = 'lamps' AND column_name = 'watts'
    ) THEN
        ALTER TABLE lamps ADD COLUMN watts int NOT NULL DEFAULT 60;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = 'lamps'::regclass AND conname = 'lamps_watts') THEN
        ALTER TABLE lamps ADD CONSTRAINT lamps_watts CHECK (watts BETWEEN 1 AND 500);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = 'lamps'::regclass AND tgname = 'lamps_same') THEN
        CREATE TRIGGER lamps_same BEFORE UPDATE ON lamps FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
    END IF;
    IF NOT EXISTS (SELECT FROM pg_policies WHERE schemaname = current_schema AND tablename = 'lamps' AND policyname = 'lit') THEN
        CREATE POLICY lit ON lamps FOR SELECT USING (state = 'on');
    END IF;
END
$$;
CREATE INDEX IF NOT EXISTS lamps_on ON lamps (id) WHERE state = 'on';
INSERT INTO lamps (id, state) VALUES (1, 'on'), (2, 'off') ON CONFLICT (id) DO UPDATE SET state = EXCLUDED.state;
