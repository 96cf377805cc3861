-- Debit equals credit, checked at the commit by a deferred constraint trigger: double-entry bookkeeping as an accountant would have it.
create table journals (id int primary key, memo text not null default '');
create table journal_entries (
    journal_id int not null references journals (id),
    account text not null,
    amount numeric(14, 2) not null check (amount <> 0),
    primary key (journal_id, account)
);

create function journal_balances() returns trigger language plpgsql as $$
declare
    wanted int := coalesce(new.journal_id, old.journal_id);
begin
    if (select coalesce(sum(amount), 0) from journal_entries where journal_id = wanted) <> 0 then
        raise exception 'journal % does not balance', wanted using errcode = 'check_violation';
    end if;
    return null;
end
$$;

create constraint trigger journal_balances after insert or update or delete on journal_entries
    deferrable initially deferred for each row execute function journal_balances();

begin;
insert into journals values (1, 'opening'), (2, 'rent');
insert into journal_entries values (1, 'bank', 1000);
insert into journal_entries values (1, 'equity', -1000);
insert into journal_entries values (2, 'rent', 400), (2, 'bank', -400);
commit;
