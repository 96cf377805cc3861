-- A value under a name; of an identity, of a pack, or of everybody.
create table keys (
    id          bigint generated always as identity primary key,
    identity_id bigint references identities on delete cascade,
    pack_id     bigint references packs on delete cascade,
    name        text not null,
    value       text not null,
    encrypted   boolean not null default false,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),

    constraint keys_name_format check (name ~ '^[a-z][a-z0-9_.]*$'),
    constraint keys_one_owner check (num_nonnulls(identity_id, pack_id) <= 1)
);

-- Zero stands for "no owner", since nulls would never collide.
create unique index keys_name_idx on keys (name, coalesce(identity_id, 0), coalesce(pack_id, 0));

create trigger keys_updated_at before update on keys
    for each row when (old.* is distinct from new.*) execute function update_updated_at();
