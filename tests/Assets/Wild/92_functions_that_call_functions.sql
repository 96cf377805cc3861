-- Slugs by an immutable function that calls another without a schema, in a generated column, a check and an index.
CREATE EXTENSION IF NOT EXISTS unaccent;

CREATE FUNCTION plain(t text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT lower(unaccent('unaccent', t)) $$;
CREATE FUNCTION slugify(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT AS $$
BEGIN
    RETURN trim(BOTH '-' FROM regexp_replace(plain(t), '[^a-z0-9]+', '-', 'g'));
END
$$;

CREATE TABLE pages (
    id serial PRIMARY KEY,
    title text NOT NULL DEFAULT 'Page' CHECK (slugify(title) <> ''),
    slug text GENERATED ALWAYS AS (slugify(title)) STORED
);
CREATE INDEX pages_plain ON pages (plain(title));

INSERT INTO pages (title) VALUES ('Crème brûlée!'), ('À propos'), ('São Tomé & Príncipe');
