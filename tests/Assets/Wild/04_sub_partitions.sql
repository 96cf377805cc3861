-- Partitions of partitions, attached afterwards with indexes built one by one, as teams do it that may not lock a live table.
BEGIN;

CREATE TABLE shipments (
    id          bigint NOT NULL,
    shipped_on  date   NOT NULL,
    carrier     text   NOT NULL,
    weight_g    integer
) PARTITION BY RANGE (shipped_on);

CREATE TABLE shipments_2023 (LIKE shipments INCLUDING ALL);
ALTER TABLE shipments_2023 ADD CONSTRAINT shipments_2023_range CHECK (shipped_on >= '2023-01-01' AND shipped_on < '2024-01-01');
ALTER TABLE shipments ATTACH PARTITION shipments_2023 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');

CREATE TABLE shipments_2024 PARTITION OF shipments FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (carrier);
CREATE TABLE shipments_2024_post  PARTITION OF shipments_2024 FOR VALUES IN ('post', 'parcel');
CREATE TABLE shipments_2024_other PARTITION OF shipments_2024 DEFAULT PARTITION BY HASH (id);
CREATE TABLE shipments_2024_other_0 PARTITION OF shipments_2024_other FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE shipments_2024_other_1 PARTITION OF shipments_2024_other FOR VALUES WITH (MODULUS 2, REMAINDER 1);

-- The index of the whole is invalid until each part has its own.
CREATE INDEX shipments_carrier ON ONLY shipments (carrier);
CREATE INDEX shipments_2023_carrier ON shipments_2023 (carrier);
ALTER INDEX shipments_carrier ATTACH PARTITION shipments_2023_carrier;
CREATE INDEX shipments_2024_carrier ON shipments_2024 (carrier);
ALTER INDEX shipments_carrier ATTACH PARTITION shipments_2024_carrier;

INSERT INTO shipments
SELECT n, DATE '2023-11-01' + n * 10, (ARRAY['post', 'parcel', 'bike', 'drone'])[1 + n % 4], n * 100
FROM generate_series(1, 30) AS n;

COMMIT;
