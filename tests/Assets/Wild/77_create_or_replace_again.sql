-- A repeatable script: functions, views and triggers that are replaced on each deployment, and here twice in a row.
create extension if not exists plpgsql with schema pg_catalog;
create table if not exists temperatures (id bigserial primary key, celsius numeric not null default 20, at timestamp not null default '2024-07-01');

create or replace function to_fahrenheit(c numeric) returns numeric language sql immutable as $$ select c * 9 / 5 + 32 $$;
create or replace view warm as select id, celsius from temperatures where celsius > 25;
create or replace function check_temperature() returns trigger language plpgsql as $$ begin return new; end $$;
create or replace trigger check_temperature before insert on temperatures for each row execute function check_temperature();

drop view if exists hottest;
create view hottest as select max(celsius) as celsius from temperatures;

insert into temperatures (id, celsius) values (1, 18.5), (2, 31) on conflict (id) do nothing;
select setval(pg_get_serial_sequence('temperatures', 'id'), greatest(2, (select max(id) from temperatures)));

create or replace function to_fahrenheit(c numeric) returns numeric language sql immutable parallel safe as $$ select c * 1.8 + 32 $$;
create or replace view warm as select id, celsius, to_fahrenheit(celsius) as fahrenheit from temperatures where celsius > 25;
create or replace function check_temperature() returns trigger language plpgsql as $$
begin
    if new.celsius < -273.15 then
        raise exception 'colder than cold';
    end if;
    return new;
end $$;
drop view if exists hottest cascade;
create view hottest as select to_fahrenheit(max(celsius)) as fahrenheit from temperatures;
