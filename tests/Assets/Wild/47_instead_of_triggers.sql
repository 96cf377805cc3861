-- A view that takes inserts, updates and deletes for two tables behind it, kept for clients that know the old, wide table.
CREATE TABLE person (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE phone (person_id integer NOT NULL REFERENCES person ON DELETE CASCADE, no text NOT NULL, PRIMARY KEY (person_id, no));

CREATE VIEW contacts (id, name, no) AS
    SELECT p.id, p.name, f.no FROM person p LEFT JOIN phone f ON f.person_id = p.id;

CREATE FUNCTION contacts_write() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    CASE TG_OP
        WHEN 'INSERT' THEN
            INSERT INTO person VALUES (NEW.id, NEW.name) ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name;
            INSERT INTO phone SELECT NEW.id, NEW.no WHERE NEW.no IS NOT NULL ON CONFLICT DO NOTHING;
            RETURN NEW;
        WHEN 'UPDATE' THEN
            UPDATE person SET name = NEW.name WHERE id = OLD.id;
            UPDATE phone SET no = NEW.no WHERE person_id = OLD.id AND no = OLD.no;
            RETURN NEW;
        ELSE
            DELETE FROM phone WHERE person_id = OLD.id AND no = OLD.no;
            RETURN OLD;
    END CASE;
END
$body$;

CREATE TRIGGER contacts_write INSTEAD OF INSERT OR UPDATE OR DELETE ON contacts FOR EACH ROW EXECUTE PROCEDURE contacts_write();
ALTER VIEW contacts ALTER COLUMN name SET DEFAULT 'unknown';

INSERT INTO contacts VALUES (1, 'Ann', '100'), (1, 'Ann', '101'), (2, 'Bob', NULL);
DELETE FROM contacts WHERE no = '101';
