-- Seeds by MERGE, SELECT INTO, CREATE TABLE AS and INSERT … RETURNING in a WITH, as SQL Server and warehouse people write them.
SELECT n AS id, 'item ' || n AS name INTO staging_items FROM generate_series(1, 6) AS n;
CREATE TABLE items AS TABLE staging_items WITH NO DATA;
ALTER TABLE items ADD PRIMARY KEY (id), ADD COLUMN is_active boolean NOT NULL DEFAULT true, ALTER COLUMN name SET DEFAULT 'item';
CREATE TABLE item_history (item_id int NOT NULL REFERENCES items (id), change text NOT NULL DEFAULT '?');

INSERT INTO items (id, name) VALUES (5, 'old five'), (6, 'old six'), (99, 'gone');
DELETE FROM items WHERE id = 99;

MERGE INTO items AS i
USING (SELECT * FROM staging_items WHERE id <> 4) AS s ON s.id = i.id
WHEN MATCHED AND s.id = 6 THEN UPDATE SET is_active = false
WHEN MATCHED THEN UPDATE SET name = s.name
WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name);

WITH added AS (
    INSERT INTO items (id, name) SELECT 100 + id, upper(name) FROM staging_items WHERE id < 3 RETURNING id
)
INSERT INTO item_history SELECT id, 'added' FROM added;
DROP TABLE staging_items;
