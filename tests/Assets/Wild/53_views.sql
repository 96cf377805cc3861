-- Views with check options, security barriers, the invoker's rights and recursion, stacked three deep, as reporting layers grow.
create table nodes (
    id int primary key,
    parent_id int references nodes,
    name text not null default 'node',
    hidden boolean not null default false
);
insert into nodes values (1, null, 'root', default), (2, 1, 'left', default), (3, 1, 'right', default), (4, 2, 'leaf', true);

create view visible_nodes with (security_barrier) as select id, parent_id, name from nodes where not hidden;
create view root_nodes as select * from visible_nodes where parent_id is null with local check option;
create or replace view named_roots as select id, name from root_nodes where name <> '' with cascaded check option;
create view my_nodes with (security_invoker = true, check_option = local) as select * from nodes where name like 'm%';

create recursive view paths (id, path) as
    select id, name from nodes where parent_id is null
    union all
    select n.id, p.path || '/' || n.name from nodes n join paths p on p.id = n.parent_id;

create view cycles as
    with recursive walk (id, parent_id) as (
        select id, parent_id from nodes
        union all
        select n.id, n.parent_id from nodes n join walk w on w.parent_id = n.id
    ) search depth first by id set ordered cycle id set is_cycle using way
    select id, is_cycle from walk;

create view sizes as select n.name, s.total from nodes n, lateral (select count(*) as total from nodes c where c.parent_id = n.id) s;
create temporary view scratch_view as select 1 as one;
drop view scratch_view;
alter view sizes rename column total to children;
alter view visible_nodes set (security_barrier = false);
