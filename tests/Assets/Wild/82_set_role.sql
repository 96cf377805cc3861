-- Objects made as the role that shall own them, which was let into public and into nothing else.
do $$
begin
    if not exists (select from pg_roles where rolname = 'wild_owner') then
        create role wild_owner nologin;
    end if;
end
$$;
grant usage, create on schema public to wild_owner;

set role wild_owner;
create table parking_lots (id int primary key, place text not null default 'north', free int not null default 50);
create function park(lot int) returns int language sql security definer as 'update parking_lots set free = free - 1 where id = lot returning free';
insert into parking_lots values (1, default, default), (2, 'south', 20);
reset role;
