-- A status that grew over the years: values added before and after others, one renamed, and used further down the same file.
CREATE TYPE order_status AS ENUM ('new', 'paid', 'shipped');
CREATE TYPE channel AS ENUM ('web', 'shop');

CREATE TABLE orders (
    id bigserial PRIMARY KEY,
    status order_status NOT NULL DEFAULT 'new',
    via channel[] NOT NULL DEFAULT '{web}',
    placed_at timestamptz NOT NULL DEFAULT '2024-01-01 00:00:00+00'
);
CREATE INDEX orders_open ON orders (placed_at) WHERE status <> 'shipped';

INSERT INTO orders (status) VALUES ('new'), ('paid'), ('shipped');

ALTER TYPE order_status ADD VALUE 'cancelled';
ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'packed' BEFORE 'shipped';
ALTER TYPE order_status ADD VALUE IF NOT EXISTS 'refunded' AFTER 'cancelled';
ALTER TYPE channel ADD VALUE 'phone';
ALTER TYPE channel RENAME VALUE 'shop' TO 'store';

INSERT INTO orders (status, via) VALUES ('packed', '{store,phone}'), ('refunded', '{}');
ALTER TABLE orders ADD CONSTRAINT orders_final CHECK (status <> 'refunded' OR via = '{}');
