-- Security-definer functions whose search path is pinned to public, while their tables are named without a schema: what a linter's fix looks like.
create table wallets (
    id int primary key,
    balance numeric(12, 2) not null default 0
);
create table transfers (
    id bigserial primary key,
    from_id int references wallets,
    to_id int references wallets,
    amount numeric(12, 2) not null default 1
);

create or replace function transfer(p_from int, p_to int, p_amount numeric) returns bigint
language plpgsql security definer
set search_path = public, pg_temp
as $$
declare
    made bigint;
begin
    update wallets set balance = balance - p_amount where id = p_from;
    update wallets set balance = balance + p_amount where id = p_to;
    insert into transfers (from_id, to_id, amount) values (p_from, p_to, p_amount) returning id into made;
    return made;
end
$$;

insert into wallets values (1, 100), (2, 0);
