-- The other answer of every forum: create the type, and let duplicate_object pass.
DO $$ BEGIN
    CREATE TYPE payment_kind AS ENUM ('card', 'cash', 'transfer');
EXCEPTION
    WHEN duplicate_object THEN null;
END $$;
do $$ begin
    create domain iban as text check (value ~ '^[A-Z]{2}[0-9]{2}');
exception
    when duplicate_object then null;
end $$;
DO $$ BEGIN
    CREATE TYPE payment_kind AS ENUM ('card', 'cash', 'transfer');
EXCEPTION
    WHEN duplicate_object THEN null;
END $$;

CREATE TABLE IF NOT EXISTS payments (
    id serial PRIMARY KEY,
    kind payment_kind NOT NULL DEFAULT 'card',
    payer iban
);
DO $$ BEGIN
    ALTER TABLE payments ADD CONSTRAINT payments_payer CHECK (kind <> 'transfer' OR payer IS NOT NULL);
EXCEPTION WHEN duplicate_object THEN null; WHEN duplicate_table THEN null;
END $$;
INSERT INTO payments (kind, payer) VALUES ('cash', NULL), ('transfer', 'PT50000201231234567890154');
