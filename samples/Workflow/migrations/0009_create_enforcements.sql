create type enforcement_status as enum ('created', 'processed', 'rejected');

-- A rule that an event has set off.
create table enforcements (
    id         bigint generated always as identity primary key,
    rule_id    bigint references rules on delete set null,
    rule_ref   text not null,
    event_id   bigint not null references events on delete cascade,
    status     enforcement_status not null default 'created',
    parameters jsonb not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),

    constraint enforcements_rule_event_key unique (rule_id, event_id)
);

create index enforcements_event_idx on enforcements (event_id);
create index enforcements_created_idx on enforcements (id) where status = 'created';

create trigger enforcements_updated_at before update on enforcements
    for each row when (old.* is distinct from new.*) execute function update_updated_at();
