-- A policy that is created unless pg_policies has one of that name on a table of that name: CREATE POLICY knows no IF NOT EXISTS either.
CREATE TABLE IF NOT EXISTS notes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    owner text NOT NULL DEFAULT current_user,
    body text NOT NULL DEFAULT ''
);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;

DO $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE tablename = 'notes' AND policyname = 'own_notes') THEN
        CREATE POLICY own_notes ON notes FOR ALL USING (owner = current_user);
    END IF;
END
$$;

INSERT INTO notes (owner, body) VALUES ('ann', 'hers'), ('bob', 'his');
