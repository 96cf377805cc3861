-- Paths, cubes, distances on the earth, confidence intervals and book numbers: a university's database uses what contrib has.
create extension if not exists ltree;
create extension if not exists cube;
create extension if not exists earthdistance;
create extension if not exists seg;
create extension if not exists isn;
create extension if not exists intarray;
create extension if not exists tablefunc;

create table species (path ltree primary key, label text default '');
create index species_path on species using gist (path);

create table stations (id int primary key, at cube not null default ll_to_earth(0, 0), tags int[] default '{}');
create index stations_at on stations using gist (at);
create index stations_tags on stations using gin (tags gin__int_ops);

create table assays (id int primary key, ph seg not null default '7.0');

create table books (isbn isbn13 primary key, title text);

create view station_pairs as select a.id, b.id as other from stations a join stations b on a.id < b.id and earth_distance(a.at, b.at) < 100000;

insert into species values ('animalia.chordata.aves'), ('animalia.chordata.mammalia'), ('plantae');
insert into stations values (1, ll_to_earth(52.5, 13.4), '{1,2}'), (2, ll_to_earth(52.4, 13.1), '{2,3}'), (3, ll_to_earth(48.1, 11.6), '{}');
insert into assays values (1, '6.5 .. 7.1'), (2, '<8'), (3, '7.25(+-)0.05');
insert into books values ('978-0-306-40615-7', 'A book');
