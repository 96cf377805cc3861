-- updated_at columns, a version counter and an audit table, all by triggers with conditions and column lists, as Rails shops write them.
CREATE TABLE audit_entries (
    id bigserial PRIMARY KEY,
    table_name text NOT NULL,
    operation text NOT NULL,
    old_row jsonb,
    new_row jsonb
);

CREATE TABLE posts (
    id bigserial PRIMARY KEY,
    title character varying DEFAULT '' NOT NULL,
    body text,
    lock_version integer DEFAULT 0 NOT NULL,
    updated_at timestamp(6) without time zone DEFAULT '2024-01-01 00:00:00' NOT NULL
);

CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  NEW.lock_version := OLD.lock_version + 1;
  RETURN NEW;
END;
$$;

CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_LEVEL = 'STATEMENT' THEN
    INSERT INTO audit_entries (table_name, operation) VALUES (TG_TABLE_NAME, TG_OP || ' by ' || TG_ARGV[0]);
    RETURN NULL;
  END IF;
  INSERT INTO audit_entries (table_name, operation, old_row, new_row)
  VALUES (TG_TABLE_NAME, TG_OP, CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
  RETURN COALESCE(NEW, OLD);
END;
$$;

CREATE TRIGGER posts_touch BEFORE UPDATE OF title, body ON posts FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch();
CREATE TRIGGER posts_audit AFTER INSERT OR UPDATE OR DELETE ON posts FOR EACH ROW EXECUTE FUNCTION audit();
CREATE TRIGGER posts_truncated AFTER TRUNCATE ON posts FOR EACH STATEMENT EXECUTE FUNCTION audit('somebody');
CREATE OR REPLACE TRIGGER posts_audit AFTER INSERT OR UPDATE OR DELETE ON posts FOR EACH ROW EXECUTE FUNCTION audit();
ALTER TABLE posts ENABLE ALWAYS TRIGGER posts_audit;

INSERT INTO posts (title) VALUES ('Hello'), ('World');
UPDATE posts SET lock_version = 1 WHERE id = 2;
DELETE FROM posts WHERE id = 1;
