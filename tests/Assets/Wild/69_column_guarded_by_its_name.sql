-- A column added unless information_schema knows one of that name in a table of that name, in whichever schema.
create table if not exists boats (id int primary key, name text not null default 'Boat');

do $$
begin
    if not exists (
        select 1 from information_schema.columns
        where table_name = 'boats' and column_name = 'length_m'
    ) then
        alter table boats add column length_m numeric(5, 2);
    end if;

    if not exists (select 1 from pg_constraint where conname = 'boats_length_positive') then
        alter table boats add constraint boats_length_positive check (length_m > 0);
    end if;
end
$$;

insert into boats (id, name) values (1, 'Seute Deern'), (2, 'Alex');
