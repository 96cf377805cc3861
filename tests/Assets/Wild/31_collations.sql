-- Names that compare without regard to case and sort as the locale has it: collations by ICU, on columns, indexes, domains and in queries.
create collation if not exists ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
create collation phonebook (provider = icu, locale = 'de-u-co-phonebk');
create collation bytewise (provider = libc, locale = 'C');
create collation if not exists bytewise_again from bytewise;

create domain login as text collate ci check (length(value) between 1 and 40);

create table members (
    login login primary key,
    family text collate phonebook not null default '',
    code varchar(8) collate bytewise unique
);
create index members_family on members (family collate "C", login);
create index members_ci on members ((family collate ci));

create view directory as select login, family from members order by family collate phonebook;

insert into members values ('Ann', 'Göbel', 'a1'), ('bob', 'Goethe', 'B1'), ('Cid', 'Gobel', null);
alter collation phonebook rename to german_phonebook;
