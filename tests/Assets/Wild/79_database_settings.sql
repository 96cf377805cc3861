-- Settings of the database itself, by a DO block that asks for its name: time zone, text search, a setting of the application's, a comment.
DO $$
DECLARE
    db text := quote_ident(current_database());
BEGIN
    EXECUTE 'ALTER DATABASE ' || db || ' SET timezone TO ''Europe/Lisbon''';
    EXECUTE 'ALTER DATABASE ' || db || ' SET default_text_search_config TO ''pg_catalog.portuguese''';
    EXECUTE 'ALTER DATABASE ' || db || ' SET app.region = ''eu-west''';
    EXECUTE 'ALTER DATABASE ' || db || ' SET statement_timeout TO ''10min''';
    EXECUTE 'COMMENT ON DATABASE ' || db || ' IS ''The appointments of all clinics''';
    EXECUTE 'REVOKE TEMPORARY ON DATABASE ' || db || ' FROM PUBLIC';
END
$$;

CREATE TABLE appointments (
    id int PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT '2024-06-01 09:00:00+00',
    region text NOT NULL DEFAULT current_setting('app.region', true)
);
INSERT INTO appointments VALUES (1, '2024-06-03 10:00:00+00', 'eu-west'), (2, '2024-12-03 10:00:00+00', 'eu-west');
