-- A script that goes to its own schema with SET search_path, as scripts do that came from a psql session.
CREATE SCHEMA IF NOT EXISTS kitchen;
SET search_path TO kitchen, public;

CREATE TABLE IF NOT EXISTS recipes (id int PRIMARY KEY, title text NOT NULL DEFAULT 'soup');
CREATE TABLE IF NOT EXISTS steps (
    recipe_id int NOT NULL REFERENCES recipes ON DELETE CASCADE,
    no int NOT NULL,
    what text,
    PRIMARY KEY (recipe_id, no)
);
INSERT INTO recipes VALUES (1, 'Bread'), (2, 'Soup') ON CONFLICT DO NOTHING;
INSERT INTO steps VALUES (1, 1, 'Knead'), (1, 2, 'Bake') ON CONFLICT DO NOTHING;

BEGIN;
SET LOCAL search_path = public, kitchen;
CREATE TABLE IF NOT EXISTS ratings (recipe_id int NOT NULL, stars int NOT NULL DEFAULT 5);
COMMIT;

RESET search_path;
