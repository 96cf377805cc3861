-- Fill factors, toast settings, storage of columns, tablespaces and access methods spelled out, as database administrators leave them behind.
SET default_tablespace = '';
SET default_table_access_method = heap;
SET default_toast_compression = 'pglz';

CREATE TABLE blobs (
    id integer NOT NULL,
    small text,
    wide text,
    packed bytea
)
USING heap
WITH (fillfactor = 60, toast_tuple_target = 256, autovacuum_enabled = false, toast.autovacuum_vacuum_threshold = 1000, parallel_workers = 2)
TABLESPACE pg_default;

ALTER TABLE ONLY blobs ALTER COLUMN wide SET STORAGE EXTERNAL;
ALTER TABLE ONLY blobs ALTER COLUMN packed SET STORAGE MAIN, ALTER COLUMN packed SET COMPRESSION pglz;
ALTER TABLE ONLY blobs ADD CONSTRAINT blobs_pkey PRIMARY KEY (id) WITH (fillfactor = 80) USING INDEX TABLESPACE pg_default;
ALTER TABLE blobs CLUSTER ON blobs_pkey;
CREATE INDEX blobs_small ON blobs USING btree (small COLLATE "C" text_pattern_ops DESC NULLS LAST) INCLUDE (id) WITH (deduplicate_items = off) TABLESPACE pg_default;
CREATE INDEX blobs_small_hash ON blobs USING hash (small) WITH (fillfactor = 50);
CREATE INDEX blobs_brin ON blobs USING brin (id int4_minmax_multi_ops (values_per_range = 16)) WITH (pages_per_range = 8, autosummarize = true);
CREATE INDEX blobs_spgist ON blobs USING spgist (small);

INSERT INTO blobs SELECT n, 'row ' || n, repeat(md5(n::text), 100), decode(repeat('00', n), 'hex') FROM generate_series(1, 40) n;
ALTER TABLE blobs DROP COLUMN small;
ALTER TABLE blobs ADD COLUMN colour text DEFAULT 'grey' NOT NULL;
CLUSTER blobs;
