create table identities (
    id           bigint generated always as identity primary key,
    login        text not null,
    display_name text,
    roles        text[] not null default '{}',
    attributes   jsonb not null default '{}',
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),

    constraint identities_login_not_empty check (login <> '')
);

create unique index identities_login_idx on identities (lower(login));
create index identities_roles_idx on identities using gin (roles);

create trigger identities_updated_at before update on identities
    for each row when (old.* is distinct from new.*) execute function update_updated_at();
