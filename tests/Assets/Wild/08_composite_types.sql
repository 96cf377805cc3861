-- Addresses and money as composite types, in columns, arrays, a typed table and the result of a function, as people do who come from Oracle.
CREATE TYPE postal_address AS (
    street  text,
    zip     varchar(10),
    city    text
);
CREATE TYPE price AS (amount numeric(12,2), currency char(3));
CREATE TYPE order_line AS (sku text, qty int, unit price);
ALTER TYPE postal_address ADD ATTRIBUTE country char(2);

CREATE TABLE customer (
    customer_id  int PRIMARY KEY,
    billing      postal_address NOT NULL,
    shipping     postal_address[],
    CHECK ((billing).city IS NOT NULL)
);

CREATE TABLE stock_price OF price (
    amount WITH OPTIONS NOT NULL,
    PRIMARY KEY (currency, amount)
);

CREATE TABLE basket (id int PRIMARY KEY, lines order_line[] NOT NULL DEFAULT '{}');

CREATE FUNCTION basket_total(b basket) RETURNS price
LANGUAGE sql STABLE AS $fn$
    SELECT ROW(coalesce(sum(l.qty * (l.unit).amount), 0), coalesce(min((l.unit).currency), 'EUR'))::price FROM unnest(b.lines) AS l
$fn$;

CREATE VIEW basket_totals AS SELECT b.id, (basket_total(b)).amount, (basket_total(b)).currency FROM basket b;

INSERT INTO customer VALUES
    (1, ROW('Am Kai 1', '20457', 'Hamburg', 'DE'), ARRAY[ROW('Lager 4', '21129', 'Hamburg', 'DE')::postal_address]),
    (2, ('Rua Nova 7', '1100-001', 'Lisboa', 'PT'), NULL);
INSERT INTO stock_price VALUES (9.99, 'EUR'), (10.99, 'USD');
INSERT INTO basket VALUES (1, ARRAY[ROW('sku-1', 2, ROW(9.99, 'EUR'))::order_line, ROW('sku-2', 1, ROW(1.50, 'EUR'))::order_line]), (2, DEFAULT);
UPDATE customer SET billing.zip = '20459' WHERE customer_id = 1;
