-- A reporting database that reaches into the shop's through postgres_fdw; whoever wrote it guarded the server, but not what hangs on it.
CREATE EXTENSION IF NOT EXISTS postgres_fdw;

CREATE SERVER IF NOT EXISTS shop_server FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '1', dbname 'shop', connect_timeout '1');
CREATE USER MAPPING IF NOT EXISTS FOR PUBLIC SERVER shop_server OPTIONS (user 'reader', password 'not-a-secret');

CREATE FOREIGN TABLE IF NOT EXISTS remote_orders (
    id bigint OPTIONS (column_name 'order_id') NOT NULL,
    placed_at timestamptz,
    total numeric(10, 2)
) SERVER shop_server OPTIONS (schema_name 'public', table_name 'orders', updatable 'false');

CREATE TABLE IF NOT EXISTS order_snapshots (
    taken_on date NOT NULL,
    order_id bigint NOT NULL,
    total numeric(10, 2) NOT NULL DEFAULT 0,
    PRIMARY KEY (taken_on, order_id)
);

CREATE OR REPLACE FUNCTION take_snapshot(day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO order_snapshots SELECT day, id, total FROM remote_orders ON CONFLICT DO NOTHING;
END $$;

INSERT INTO order_snapshots VALUES ('2024-01-01', 1, 10), ('2024-01-01', 2, 20.5);
