-- A value added inside a DO block and used by the next statement, which works where each statement is a transaction, as in psql.
CREATE TYPE leave_kind AS ENUM ('holiday', 'illness');
CREATE TABLE leaves (id int PRIMARY KEY, kind leave_kind NOT NULL DEFAULT 'holiday');
INSERT INTO leaves VALUES (1, DEFAULT), (2, 'illness');

DO $$
BEGIN
    ALTER TYPE leave_kind ADD VALUE IF NOT EXISTS 'parental';
END
$$;

UPDATE leaves SET kind = 'parental' WHERE id = 2;
