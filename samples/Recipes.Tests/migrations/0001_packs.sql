create table packs (id bigint generated always as identity primary key, ref text not null unique);
