-- Names kept as data: a settings table, a regclass column and a registry of jobs that call functions by text, as schedulers keep them.
CREATE TABLE tasks (
    id int PRIMARY KEY,
    command text NOT NULL DEFAULT 'select 1',
    target regclass,
    handler regprocedure,
    kind regtype NOT NULL DEFAULT 'integer'
);
CREATE TABLE task_runs (task_id int NOT NULL REFERENCES tasks, at timestamp NOT NULL DEFAULT '2024-01-01');
CREATE FUNCTION prune_runs(keep int) RETURNS void LANGUAGE sql AS $$ DELETE FROM task_runs WHERE task_id > keep $$;

INSERT INTO tasks VALUES
    (1, 'select prune_runs(100)', 'task_runs', 'prune_runs(int)', 'tasks'),
    (2, 'analyze task_runs', 'tasks_pkey', NULL, 'text');
