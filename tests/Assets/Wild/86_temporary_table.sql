-- An import staged in a temporary table, which goes away by itself when the session ends: nobody drops it.
CREATE TABLE vendors (
    id int PRIMARY KEY,
    name text NOT NULL DEFAULT 'n/a'
);
CREATE TABLE vendor_aliases (
    vendor_id int NOT NULL REFERENCES vendors,
    alias text NOT NULL DEFAULT ''
);

CREATE TEMPORARY TABLE import_lines (line text);
INSERT INTO import_lines VALUES ('1;Acme;ACME Inc.'), ('2;Globex;Globex Corp.');

INSERT INTO vendors SELECT split_part(line, ';', 1)::int, split_part(line, ';', 2) FROM import_lines;
INSERT INTO vendor_aliases SELECT split_part(line, ';', 1)::int, split_part(line, ';', 3) FROM import_lines;
