-- CREATE TYPE knows no IF NOT EXISTS, so the type is looked for in pg_type by its name alone: the first answer of every forum.
DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'delivery_state') THEN
        CREATE TYPE delivery_state AS ENUM ('queued', 'on its way', 'delivered');
    END IF;
END$$;

CREATE TABLE IF NOT EXISTS deliveries (
    id serial PRIMARY KEY,
    state delivery_state NOT NULL DEFAULT 'queued'
);
INSERT INTO deliveries (state) VALUES ('queued'), ('delivered');
