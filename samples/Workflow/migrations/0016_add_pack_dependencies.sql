-- Refs rather than ids: a pack may be installed before those it depends on.
alter table packs
    add column dependencies text[] not null default '{}',
    add constraint packs_not_own_dependency check (ref <> all (dependencies));

create index packs_dependencies_idx on packs using gin (dependencies);
