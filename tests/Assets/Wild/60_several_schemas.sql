-- A schema for each part of the business, made once and for all, with tables inside the statement that makes them.
CREATE SCHEMA billing;
CREATE SCHEMA hr
    CREATE TABLE staff (id int PRIMARY KEY, name text NOT NULL DEFAULT 'new')
    CREATE VIEW staff_names AS SELECT name FROM hr.staff
    CREATE INDEX staff_name ON staff (name);

CREATE TABLE billing.accounts (id int PRIMARY KEY, iban text NOT NULL DEFAULT 'DE00');
CREATE TABLE billing.bookings (
    id bigserial PRIMARY KEY,
    account_id int NOT NULL REFERENCES billing.accounts,
    booked_by int REFERENCES hr.staff,
    cents int NOT NULL DEFAULT 0
);

INSERT INTO hr.staff VALUES (1, 'Ann'), (2, 'Bob');
INSERT INTO billing.accounts VALUES (1, 'DE02120300000000202051');
INSERT INTO billing.bookings (account_id, booked_by, cents) VALUES (1, 1, 100), (1, 2, -50);
