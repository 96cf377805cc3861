-- An extension created from a DO block, because the role that migrates in production may not, and finds it installed there.
DO $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'fuzzystrmatch') THEN
    CREATE EXTENSION fuzzystrmatch;
  END IF;
EXCEPTION
  WHEN insufficient_privilege THEN
    RAISE WARNING 'ask an administrator for fuzzystrmatch';
END
$$;

CREATE TABLE surnames (name text PRIMARY KEY, heard int NOT NULL DEFAULT 0);
CREATE INDEX surnames_sound ON surnames (soundex(name));
INSERT INTO surnames VALUES ('Meyer', 2), ('Maier', default), ('Smith', 3);
