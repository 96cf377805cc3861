-- Full-text search with a configuration and a dictionary of the shop's own, kept up to date by a trigger and by a generated column.
CREATE EXTENSION IF NOT EXISTS unaccent;

CREATE TEXT SEARCH DICTIONARY shop_stem (TEMPLATE = snowball, Language = english, StopWords = english);
CREATE TEXT SEARCH DICTIONARY shop_words (TEMPLATE = pg_catalog.simple, Accept = false);
CREATE TEXT SEARCH CONFIGURATION shop_search (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION shop_search
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, shop_stem;
ALTER TEXT SEARCH CONFIGURATION shop_search DROP MAPPING IF EXISTS FOR url_path, email;

CREATE TABLE articles (
    id serial PRIMARY KEY,
    title text NOT NULL DEFAULT '',
    body text,
    words tsvector GENERATED ALWAYS AS (setweight(to_tsvector('shop_search', title), 'A') || to_tsvector('shop_search', coalesce(body, ''))) STORED
);
CREATE INDEX articles_words ON articles USING gin (words);

CREATE TABLE reviews (id serial PRIMARY KEY, body text, words tsvector);
CREATE TRIGGER reviews_words BEFORE INSERT OR UPDATE ON reviews
    FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(words, 'pg_catalog.english', body);

CREATE FUNCTION find_articles(q text) RETURNS SETOF articles LANGUAGE sql STABLE AS
$$ SELECT * FROM articles WHERE words @@ websearch_to_tsquery('shop_search', q) ORDER BY ts_rank(words, websearch_to_tsquery('shop_search', q)) DESC $$;

INSERT INTO articles (title, body) VALUES ('Crème brûlée', 'Custards with burnt sugars'), ('Café au lait', NULL);
INSERT INTO reviews (body) VALUES ('Tasted like running water'), (NULL);
