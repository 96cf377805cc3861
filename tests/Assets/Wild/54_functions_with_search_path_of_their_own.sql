-- Functions that keep the search path under which they were made, and other settings, because a linter asks for them.
CREATE TABLE coupons (
    code text PRIMARY KEY,
    uses_left int NOT NULL DEFAULT 1 CHECK (uses_left >= 0)
);

CREATE FUNCTION redeem(p_code text) RETURNS boolean
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path FROM CURRENT
    SET lock_timeout = '2s'
    SET work_mem TO '8MB'
AS $$
BEGIN
    UPDATE coupons SET uses_left = uses_left - 1 WHERE code = p_code AND uses_left > 0;
    RETURN FOUND;
END
$$;

CREATE FUNCTION today() RETURNS text LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    SET "DateStyle" = 'ISO, DMY'
AS $$ SELECT to_char(current_date, 'YYYY-MM-DD') $$;

CREATE FUNCTION empty_path() RETURNS int LANGUAGE sql IMMUTABLE SET search_path = '' RETURN 1 + 1;

REVOKE ALL ON FUNCTION redeem(text) FROM PUBLIC;
INSERT INTO coupons VALUES ('SPRING', 10), ('ONCE', DEFAULT);
SELECT redeem('SPRING');
