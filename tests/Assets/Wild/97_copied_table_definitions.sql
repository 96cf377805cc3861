-- Tables made like others, with all or some of their trimmings, for history and archive, by people who hate to repeat columns.
create table contracts (
    id int generated always as identity primary key,
    title text not null default 'contract' check (title <> ''),
    valid daterange not null default '[2024-01-01,2025-01-01)',
    pages int generated always as (length(title)) stored,
    unique (title, valid)
);
comment on column contracts.title is 'as printed';
create index contracts_valid on contracts using gist (valid);
create statistics contracts_stats on title, pages from contracts;

create table contracts_archive (like contracts including all, archived_on date not null default '2024-06-30');
create table contracts_draft (like contracts including defaults including constraints excluding indexes, extra jsonb);
create table contracts_bare (like contracts);

insert into contracts (title) values ('lease'), ('sale'), ('loan');
insert into contracts_archive (title, archived_on) select title, '2024-07-01' from contracts where id < 3;
alter table contracts_draft alter id drop not null, alter id set data type bigint using id::bigint;
alter table contracts_draft rename to drafts;
alter table drafts rename constraint contracts_title_check to drafts_title_check;
