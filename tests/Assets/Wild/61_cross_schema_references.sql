-- Modules with a schema each, made only where missing, and tables of the application itself that refer to them from wherever they are.
create schema if not exists geo;
create table if not exists geo.countries (code char(2) primary key, name text not null default '');
create table if not exists geo.regions (id int primary key, country char(2) not null references geo.countries);
create or replace function geo.country_name(c char(2)) returns text language sql stable as $$ select name from geo.countries where code = c $$;

insert into geo.countries values ('PT', 'Portugal'), ('ES', 'Spain') on conflict do nothing;
insert into geo.regions values (1, 'PT'), (2, 'ES') on conflict do nothing;

create table hotels (
    id int primary key,
    region_id int not null references geo.regions (id),
    name text not null default 'Hotel'
);
create or replace view hotel_list as select h.name, geo.country_name(r.country) as country from hotels h join geo.regions r on r.id = h.region_id;
insert into hotels values (1, 1, 'Mar'), (2, 2, 'Sol');
