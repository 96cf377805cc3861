-- A column made wider unless it is wide already, by the first answer that information_schema gives for the table's name.
CREATE TABLE IF NOT EXISTS counters (
    name text PRIMARY KEY,
    value integer NOT NULL DEFAULT 0
);

DO $$
DECLARE
    current_type text;
BEGIN
    SELECT data_type INTO current_type
    FROM information_schema.columns
    WHERE table_name = 'counters' AND column_name = 'value'
    ORDER BY table_schema;

    IF current_type = 'integer' THEN
        ALTER TABLE counters ALTER COLUMN value TYPE bigint;
    END IF;
END $$;

INSERT INTO counters VALUES ('hits', 3), ('misses', 1);
