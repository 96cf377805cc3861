-- An extension dropped and created again to get rid of a broken version, a line that nobody dares to take out since.
DROP EXTENSION IF EXISTS unaccent CASCADE;
CREATE EXTENSION unaccent;

CREATE TABLE cities (
    id integer PRIMARY KEY,
    name text NOT NULL DEFAULT ''
);

CREATE FUNCTION find_city(wanted text) RETURNS SETOF cities LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT * FROM cities WHERE unaccent(name) ILIKE unaccent(wanted);
END
$$;

INSERT INTO cities VALUES (1, 'Málaga'), (2, 'Århus'), (3, 'Łódź');
