-- Old tables put away into a schema of their own instead of being dropped, and out of the way of the names of new ones.
create schema if not exists attic;

create table visitors (id int primary key, name text not null default 'guest');
insert into visitors values (1, 'Ann'), (2, 'Bob');

alter table visitors set schema attic;
comment on table attic.visitors is 'as it was until the summer';

create table visitors (
    id int generated always as identity primary key,
    name text not null default 'guest',
    seen date
);
insert into visitors (name) select name from attic.visitors order by id;
