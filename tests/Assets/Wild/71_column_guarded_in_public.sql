-- A column renamed where public has the old one, beside tables whose schema is never written.
create table lodgers (
    id int primary key,
    mail text
);
insert into lodgers values (1, 'ann@example.org'), (2, null);

do $$
begin
    if exists (
        select from information_schema.columns
        where table_schema = 'public' and table_name = 'lodgers' and column_name = 'mail'
    ) then
        alter table lodgers rename column mail to email;
    end if;
end
$$;
