-- Routines with SQL-standard bodies, whose names are bound when they are made; semicolons, CASE and END stand in the middle of the statement.
CREATE TABLE seats (
    flight text NOT NULL,
    seat   text NOT NULL,
    taken  boolean NOT NULL DEFAULT false,
    PRIMARY KEY (flight, seat)
);
CREATE TABLE boardings (n int GENERATED ALWAYS AS IDENTITY, flight text, seat text);

INSERT INTO seats (flight, seat)
SELECT 'SI100', row_no || letter FROM generate_series(1, 3) AS row_no, unnest('{A,B,C}'::text[]) AS letter;

CREATE FUNCTION free_seats(f text) RETURNS bigint LANGUAGE sql STABLE
RETURN (SELECT count(*) FROM seats WHERE flight = f AND NOT taken);

CREATE FUNCTION load_factor(f text) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE
        WHEN free_seats(f) = 0 THEN 'full; sold out'
        WHEN free_seats(f) < 3 THEN CASE WHEN f LIKE 'SI%' THEN 'few' ELSE 'some' END
        ELSE 'plenty' END AS "end";
END;

CREATE OR REPLACE PROCEDURE board(f text, s text)
LANGUAGE sql
BEGIN ATOMIC
    UPDATE seats SET taken = true WHERE flight = f AND seat = s;
    INSERT INTO boardings (flight, seat) VALUES (f, s);
END;

CALL board('SI100', '1A');
CREATE VIEW flights AS SELECT DISTINCT flight, load_factor(flight) AS load FROM seats;
