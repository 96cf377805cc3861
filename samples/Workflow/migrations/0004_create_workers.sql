create type worker_status as enum ('starting', 'ready', 'draining', 'offline');

create table workers (
    id                bigint generated always as identity primary key,
    runtime_id        bigint not null references runtimes on delete restrict,
    name              text not null,
    host              text not null,
    port              integer not null,
    status            worker_status not null default 'starting',
    capabilities      jsonb not null default '{}',
    last_heartbeat_at timestamptz,
    created_at        timestamptz not null default now(),
    updated_at        timestamptz not null default now(),

    constraint workers_name_key unique (name),
    constraint workers_host_port_key unique (host, port),
    constraint workers_port_range check (port between 1 and 65535)
);

create index workers_runtime_idx on workers (runtime_id);
create index workers_ready_idx on workers (last_heartbeat_at) where status = 'ready';
create index workers_capabilities_idx on workers using gin (capabilities jsonb_path_ops);

create trigger workers_updated_at before update on workers
    for each row when (old.* is distinct from new.*) execute function update_updated_at();
