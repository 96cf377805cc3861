create table runtimes (
    id         bigint generated always as identity primary key,
    -- Null for the runtimes that no pack brought.
    pack_id    bigint references packs on delete set null,
    ref        text not null,
    version    text not null,
    command    text[] not null,
    is_default boolean not null default false,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),

    constraint runtimes_ref_version_key unique (ref, version),
    constraint runtimes_version_not_empty check (version <> ''),
    constraint runtimes_command_not_empty check (cardinality(command) > 0)
);

-- At most one version of a runtime is the default one.
create unique index runtimes_default_idx on runtimes (ref) where is_default;
create index runtimes_pack_idx on runtimes (pack_id);

create trigger runtimes_updated_at before update on runtimes
    for each row when (old.* is distinct from new.*) execute function update_updated_at();
