-- A publication for all tables, beside a table without a primary key, which can then no longer be updated: found out in production.
CREATE TABLE sensors (
    id int PRIMARY KEY,
    place text NOT NULL DEFAULT 'roof'
);
CREATE TABLE measurements (
    sensor_id int REFERENCES sensors (id),
    value float8,
    at timestamp DEFAULT '2024-01-01'
);

INSERT INTO sensors VALUES (1, 'cellar'), (2, 'roof'), (3, 'yard');
INSERT INTO measurements SELECT 1 + n % 3, n / 7.0 FROM generate_series(1, 20) AS n;

CREATE PUBLICATION everything FOR ALL TABLES;
