-- Rights given by the name of the schema, which everybody writes as public, after tables whose schema nobody writes at all.
do $$
begin
    create role wild_web nologin;
exception when duplicate_object then
    raise notice 'role wild_web is there already';
end
$$;

create table carts (
    id int generated always as identity primary key,
    customer text not null default 'guest'
);
create table cart_items (
    cart_id int not null references carts on delete cascade,
    sku text not null default 'none',
    qty int not null default 1
);
insert into carts (customer) values ('ann'), ('bob');
insert into cart_items values (1, 'A-1', 2), (2, 'B-7', 1);

revoke create on schema public from public;
grant usage on schema public to wild_web;
grant select, insert, update, delete on all tables in schema public to wild_web;
grant usage, select on all sequences in schema public to wild_web;
alter default privileges in schema public grant select on tables to wild_web;
