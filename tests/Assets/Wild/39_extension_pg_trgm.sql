-- Search as you type: trigram indexes of both kinds beside a plain one for prefixes, tuned by hand.
CREATE EXTENSION pg_trgm WITH SCHEMA public CASCADE;
COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';

CREATE TABLE streets (
    id integer PRIMARY KEY,
    name text NOT NULL DEFAULT '',
    town text NOT NULL DEFAULT 'Aachen'
);

CREATE INDEX streets_name_trgm ON streets USING gin (name gin_trgm_ops) WITH (fastupdate = off);
CREATE INDEX streets_name_gist ON streets USING gist (name gist_trgm_ops (siglen = 32));
CREATE INDEX streets_name_prefix ON streets (lower(name) text_pattern_ops) INCLUDE (town);

CREATE FUNCTION suggest_street(typed text) RETURNS TABLE (name text, score real)
LANGUAGE sql STABLE PARALLEL SAFE
AS $_$ SELECT s.name, similarity(s.name, $1) FROM streets s WHERE s.name % $1 ORDER BY 2 DESC, 1 LIMIT 5 $_$;

INSERT INTO streets SELECT n, (ARRAY['Lindenallee', 'Am Lindenhof', 'Hauptstraße', 'Gartenweg'])[1 + n % 4] || ' ' || n FROM generate_series(1, 60) n;
