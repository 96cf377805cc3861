-- Seed rows by PREPARE and EXECUTE and a cursor that is kept, left open as an interactive session leaves them.
CREATE TABLE planets (id int PRIMARY KEY, name text NOT NULL DEFAULT '', moons int NOT NULL DEFAULT 0);

PREPARE add_planet (int, text, int) AS INSERT INTO planets VALUES ($1, $2, $3);
EXECUTE add_planet (1, 'Mercury', 0);
EXECUTE add_planet (3, 'Earth', 1);
EXECUTE add_planet (4, 'Mars', 2);

DECLARE moons CURSOR WITH HOLD FOR SELECT name, moons FROM planets ORDER BY id;
FETCH 2 FROM moons;
