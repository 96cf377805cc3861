create table packs (
    id            bigint generated always as identity primary key,
    ref           text not null,
    label         text not null,
    description   text,
    version       text not null,
    tags          text[] not null default '{}',
    config_schema jsonb not null default '{}',
    config        jsonb not null default '{}',
    is_standard   boolean not null default false,
    created_at    timestamptz not null default now(),
    updated_at    timestamptz not null default now(),

    constraint packs_ref_key unique (ref),
    constraint packs_ref_format check (ref ~ '^[a-z][a-z0-9_]*$'),
    constraint packs_label_not_empty check (label <> ''),
    constraint packs_version_format check (version ~ '^\d+\.\d+\.\d+$'),
    constraint packs_config_is_object check (jsonb_typeof(config) = 'object')
);

create index packs_tags_idx on packs using gin (tags);
create index packs_config_idx on packs using gin (config jsonb_path_ops);
create index packs_standard_idx on packs (ref) where is_standard;

create trigger packs_updated_at before update on packs
    for each row when (old.* is distinct from new.*) execute function update_updated_at();
