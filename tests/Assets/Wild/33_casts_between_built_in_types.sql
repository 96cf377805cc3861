-- Comparisons of numbers with text that release 8.3 took away, brought back by implicit casts: what kept many an old application alive.
CREATE FUNCTION int_as_text(integer) RETURNS text STRICT IMMUTABLE LANGUAGE SQL AS 'SELECT textin(int4out($1));';
CREATE CAST (integer AS json) WITH INOUT AS ASSIGNMENT;
DROP CAST IF EXISTS (bigint AS json);
CREATE CAST (bigint AS json) WITH INOUT AS ASSIGNMENT;

CREATE TABLE OLD_PARTS (
    PART_NO VARCHAR(20) NOT NULL PRIMARY KEY,
    PROPS   JSON
);
INSERT INTO OLD_PARTS VALUES ('4711', 42), ('4712', 43::bigint);
