-- A job queue in the database: NOTIFY from a trigger, SKIP LOCKED and an advisory lock around the dispatcher, as queue libraries install it.
SELECT pg_advisory_lock(727274);

CREATE TABLE queue_jobs (
    id bigserial PRIMARY KEY,
    kind text NOT NULL DEFAULT 'noop',
    args json NOT NULL DEFAULT '{}',
    run_at timestamptz NOT NULL DEFAULT '2024-01-01 00:00:00+00',
    failures int NOT NULL DEFAULT 0
);

CREATE FUNCTION queue_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('queue_jobs', json_build_object('id', NEW.id, 'kind', NEW.kind)::text);
  RETURN NULL;
END
$$;
CREATE TRIGGER queue_notify AFTER INSERT ON queue_jobs FOR EACH ROW EXECUTE FUNCTION queue_notify();

CREATE FUNCTION queue_take() RETURNS SETOF queue_jobs LANGUAGE sql AS $$
  DELETE FROM queue_jobs WHERE id = (
    SELECT id FROM queue_jobs WHERE pg_try_advisory_xact_lock(id) ORDER BY run_at, id FOR UPDATE SKIP LOCKED LIMIT 1)
  RETURNING *
$$;

INSERT INTO queue_jobs (kind) VALUES ('mail'), ('report');
SELECT pg_advisory_unlock(727274);
