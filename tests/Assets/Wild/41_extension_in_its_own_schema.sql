-- Extensions kept out of public, in a schema made for them, as a hosted platform recommends it; tables name the schema of the types.
create schema if not exists extensions;
create extension if not exists citext schema extensions;
create extension if not exists pgcrypto with schema extensions;

create table if not exists profiles (
    id uuid primary key default extensions.gen_random_uuid(),
    handle extensions.citext unique not null default 'nobody',
    secret text default encode(extensions.gen_random_bytes(8), 'hex')
);
insert into profiles (id, handle) values ('11111111-1111-4111-8111-111111111111', 'Ada') on conflict do nothing;
