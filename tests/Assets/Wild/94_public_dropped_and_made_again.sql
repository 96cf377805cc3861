-- A baseline that begins with an empty public, because that is how one resets a database by hand.
DROP SCHEMA IF EXISTS public CASCADE;
CREATE SCHEMA public;
GRANT ALL ON SCHEMA public TO public;
COMMENT ON SCHEMA public IS 'made again';

CREATE TABLE squares (
    id serial PRIMARY KEY,
    side int NOT NULL DEFAULT 1,
    area int GENERATED ALWAYS AS (side * side) STORED
);
INSERT INTO squares (side) VALUES (1), (2), (3);
