-- A grant and a setting on the database by the name that it has in production, and nowhere else.
create table trips (
    id int primary key,
    goal text not null default 'home',
    leaves timestamptz not null default '2024-08-01 06:00:00+00'
);
create index trips_leaves on trips (leaves);
insert into trips (id, goal) values (1, 'Porto'), (2, default);

grant connect on database travel_agency to public;
alter database travel_agency set timezone to 'UTC';
