-- Indexes made concurrently, rebuilt, dropped and vacuumed after, which no transaction may hold: the discipline of a busy site.
CREATE TABLE messages (
    id bigint PRIMARY KEY,
    thread_id bigint NOT NULL DEFAULT 1,
    body text NOT NULL DEFAULT '',
    sent_at timestamptz NOT NULL DEFAULT '2024-01-01 00:00:00+00'
);
INSERT INTO messages SELECT n, n % 7, 'message ' || n FROM generate_series(1, 150) n;

SET lock_timeout = '5s';
CREATE INDEX CONCURRENTLY IF NOT EXISTS messages_thread_idx ON messages (thread_id, sent_at DESC);
CREATE UNIQUE INDEX CONCURRENTLY messages_body_key ON messages (thread_id, md5(body));
CREATE UNIQUE INDEX CONCURRENTLY messages_sent_key ON messages (sent_at, id);
ALTER TABLE messages ADD CONSTRAINT messages_sent_key UNIQUE USING INDEX messages_sent_key;
REINDEX INDEX CONCURRENTLY messages_thread_idx;
DROP INDEX CONCURRENTLY IF EXISTS messages_sent_idx;
ALTER TABLE messages ADD CONSTRAINT messages_body_short CHECK (length(body) < 1000) NOT VALID;
ALTER TABLE messages VALIDATE CONSTRAINT messages_body_short;
DELETE FROM messages WHERE id % 10 = 0;
VACUUM (ANALYZE) messages;
