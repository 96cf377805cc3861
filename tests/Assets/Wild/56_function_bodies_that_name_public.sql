-- Tables without a schema, and PL/pgSQL bodies that write public. before each name, because a reviewer once asked for it.
CREATE TABLE stock (
    sku text PRIMARY KEY,
    on_hand int NOT NULL DEFAULT 0
);
CREATE TABLE stock_log (
    id bigserial PRIMARY KEY,
    sku text NOT NULL DEFAULT '',
    delta int NOT NULL DEFAULT 0
);

CREATE OR REPLACE FUNCTION log_stock() RETURNS trigger
LANGUAGE plpgsql
AS $function$
BEGIN
  INSERT INTO public.stock_log (sku, delta) VALUES (NEW.sku, NEW.on_hand - COALESCE(OLD.on_hand, 0));
  RETURN NEW;
END;
$function$;

INSERT INTO stock VALUES ('A', 5), ('B', 7);

CREATE TRIGGER log_stock AFTER INSERT OR UPDATE OF on_hand ON stock FOR EACH ROW EXECUTE FUNCTION log_stock();
