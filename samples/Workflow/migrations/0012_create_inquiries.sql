create type inquiry_status as enum ('pending', 'answered', 'expired');

-- A question that an execution asks of a person.
create table inquiries (
    id              bigint generated always as identity primary key,
    execution_id    bigint not null references executions on delete cascade,
    assigned_to     bigint references identities on delete set null,
    prompt          text not null,
    response_schema jsonb not null default '{}',
    response        jsonb,
    status          inquiry_status not null default 'pending',
    expires_at      timestamptz,
    created_at      timestamptz not null default now(),
    updated_at      timestamptz not null default now(),

    constraint inquiries_prompt_not_empty check (prompt <> ''),
    constraint inquiries_answered_has_response check ((status = 'answered') = (response is not null))
);

create index inquiries_execution_idx on inquiries (execution_id);
create index inquiries_pending_idx on inquiries (assigned_to, expires_at) where status = 'pending';

create trigger inquiries_updated_at before update on inquiries
    for each row when (old.* is distinct from new.*) execute function update_updated_at();
