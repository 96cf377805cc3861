create table jobs (
    id bigint generated always as identity primary key,
    queue text not null,
    payload jsonb not null,
    state text not null default 'queued' check (state in ('queued', 'done', 'dead')),
    run_at timestamptz not null,
    attempts int not null default 0,
    max_attempts int not null check (max_attempts > 0)
);

create index jobs_next on jobs (queue, id) where state = 'queued';
