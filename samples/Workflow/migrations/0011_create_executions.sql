create type execution_status as enum ('requested', 'running', 'succeeded', 'failed', 'cancelled');

-- Executions outlive their action under its ref.
create table executions (
    id             bigint generated always as identity primary key,
    action_id      bigint references actions on delete set null,
    action_ref     text not null,
    parent_id      bigint references executions on delete cascade,
    enforcement_id bigint references enforcements on delete set null,
    worker_id      bigint references workers on delete set null,
    requested_by   bigint references identities on delete restrict,
    status         execution_status not null default 'requested',
    parameters     jsonb not null default '{}',
    result         jsonb,
    created_at     timestamptz not null default now(),
    started_at     timestamptz,
    finished_at    timestamptz,
    updated_at     timestamptz not null default now(),

    constraint executions_not_own_parent check (parent_id <> id),
    constraint executions_finished_after_start check (finished_at >= started_at),
    constraint executions_finished_at_the_end
        check ((status in ('succeeded', 'failed', 'cancelled')) = (finished_at is not null))
);

create index executions_parent_idx on executions (parent_id);
create index executions_action_ref_idx on executions (action_ref);
create index executions_queue_idx on executions (id) where status = 'requested';
create index executions_running_idx on executions (worker_id) where status = 'running';

create trigger executions_updated_at before update on executions
    for each row when (old.* is distinct from new.*) execute function update_updated_at();
