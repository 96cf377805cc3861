create table widgets (id int generated always as identity primary key, name text not null unique);
insert into widgets (name) values ('first'), ('second');
