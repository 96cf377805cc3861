-- Email addresses that are unique whatever their case, by citext; the extension has a place of its own in the statement, as newer frameworks write it.
create extension if not exists citext with schema public;

create table subscribers (
  id bigserial primary key,
  email citext not null,
  nicknames citext[] not null default '{}',
  confirmed_at timestamp(6) without time zone,
  inserted_at timestamp(0) without time zone not null default '2024-01-01 00:00:00'
);
create unique index subscribers_email_index on subscribers (email);

create table bounces (
  email citext primary key references subscribers (email) on update cascade,
  count int not null default 1 check (count > 0)
);

insert into subscribers (email, nicknames) values ('Ada@Example.com', '{Ada,ADA}'), ('grace@example.com', default);
insert into bounces (email) values ('ada@example.COM');
update subscribers set email = 'ADA@example.com' where email = 'ada@example.com';
