-- Passwords and tokens hashed in the database with pgcrypto: the first migration of very many web applications.
CREATE EXTENSION IF NOT EXISTS "pgcrypto";

CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    username varchar(50) NOT NULL UNIQUE,
    password_hash text NOT NULL,
    api_key bytea NOT NULL DEFAULT gen_random_bytes(16),
    created_at timestamptz NOT NULL DEFAULT current_timestamp
);

CREATE OR REPLACE FUNCTION check_password(p_user text, p_password text) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT password_hash = crypt(p_password, password_hash) FROM users WHERE username = p_user
$$;

INSERT INTO users (id, username, password_hash, api_key, created_at) VALUES
    ('00000000-0000-4000-8000-000000000001', 'admin', crypt('changeme', '$2a$04$abcdefghijklmnopqrstuu'), digest('admin', 'sha1'), '2024-01-01 00:00:00+00');
INSERT INTO users (id, username, password_hash, api_key, created_at) VALUES
    ('00000000-0000-4000-8000-000000000002', 'guest', encode(digest('guest', 'sha256'), 'hex'), '\x00', '2024-01-01 00:00:00+00') ON CONFLICT (username) DO NOTHING;
