-- Caches and queues in unlogged tables, one of which became logged when it turned out to matter.
CREATE UNLOGGED TABLE page_cache (
    url text PRIMARY KEY,
    html text COMPRESSION pglz,
    fetched_at timestamptz NOT NULL DEFAULT '2024-01-01 00:00:00+00'
);
CREATE UNLOGGED TABLE jobs (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    queue text NOT NULL DEFAULT 'default',
    args jsonb NOT NULL DEFAULT '[]',
    locked_by int
);
CREATE UNLOGGED SEQUENCE cache_hits;
CREATE INDEX jobs_free ON jobs (queue, id) WHERE locked_by IS NULL;

INSERT INTO page_cache VALUES ('/', repeat('<p>hello</p>', 500)), ('/about', '<p>us</p>');
INSERT INTO jobs (queue, args) SELECT 'mail', jsonb_build_array(n) FROM generate_series(1, 30) n;
DELETE FROM jobs WHERE id % 3 = 0;
ALTER TABLE jobs SET LOGGED;
SELECT nextval('cache_hits');
