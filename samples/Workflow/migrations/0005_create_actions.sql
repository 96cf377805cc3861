create table actions (
    id               bigint generated always as identity primary key,
    pack_id          bigint not null references packs on delete cascade,
    runtime_id       bigint references runtimes on delete set null,
    ref              text not null,
    label            text not null,
    description      text,
    entrypoint       text not null,
    parameter_schema jsonb not null default '{}',
    output_schema    jsonb not null default '{}',
    enabled          boolean not null default true,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),

    constraint actions_ref_key unique (ref),
    constraint actions_ref_format check (ref ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$'),
    constraint actions_entrypoint_not_empty check (entrypoint <> ''),
    constraint actions_parameter_schema_is_object check (jsonb_typeof(parameter_schema) = 'object'),
    constraint actions_output_schema_is_object check (jsonb_typeof(output_schema) = 'object')
);

create index actions_pack_idx on actions (pack_id);
create index actions_enabled_idx on actions (ref) where enabled;
create index actions_parameter_schema_idx on actions using gin (parameter_schema);

create trigger actions_updated_at before update on actions
    for each row when (old.* is distinct from new.*) execute function update_updated_at();
