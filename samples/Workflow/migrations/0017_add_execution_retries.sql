alter table executions
    add column attempt integer not null default 1,
    add column max_attempts integer not null default 1,
    add constraint executions_attempt_range check (attempt between 1 and max_attempts);
