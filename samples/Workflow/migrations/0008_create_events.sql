-- Events are never updated, and outlive their trigger under its ref.
create table events (
    id          bigint generated always as identity primary key,
    trigger_id  bigint references triggers on delete set null,
    trigger_ref text not null,
    source      text,
    payload     jsonb not null default '{}',
    created_at  timestamptz not null default now()
);

create index events_trigger_ref_idx on events (trigger_ref, created_at desc);
create index events_payload_idx on events using gin (payload jsonb_path_ops);
