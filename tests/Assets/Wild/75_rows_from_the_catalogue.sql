-- A registry of tables filled from information_schema, for an admin screen that lists what can be exported.
create table doors (id int primary key, colour text not null default 'green');
create table windows (id int primary key, panes int not null default 2);
create table exportable (
    id int generated always as identity primary key,
    table_name text not null,
    label text not null
);

insert into doors values (1, default), (2, 'red');
insert into exportable (table_name, label)
select table_name, initcap(table_name)
from information_schema.tables
where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') and table_name in ('doors', 'windows')
order by table_name;
