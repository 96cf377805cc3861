create table triggers (
    id             bigint generated always as identity primary key,
    pack_id        bigint not null references packs on delete cascade,
    ref            text not null,
    label          text not null,
    payload_schema jsonb not null default '{}',
    enabled        boolean not null default true,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),

    constraint triggers_ref_key unique (ref),
    constraint triggers_ref_format check (ref ~ '^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$')
);

create index triggers_pack_idx on triggers (pack_id);

create trigger triggers_updated_at before update on triggers
    for each row when (old.* is distinct from new.*) execute function update_updated_at();
