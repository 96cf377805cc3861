-- Partitioning from before there were partitions: children that inherit, checks that exclude, a trigger that routes; older than most of the team.
create table page_views (
    id bigserial primary key,
    seen_on date not null,
    path varchar(200) not null
);

create table page_views_2011 (
    check (seen_on >= date '2011-01-01' and seen_on < date '2012-01-01'),
    primary key (id)
) inherits (page_views);

create table page_views_2012 (
    check (seen_on >= date '2012-01-01' and seen_on < date '2013-01-01'),
    primary key (id)
) inherits (page_views);

create index on page_views_2011 (path);
create index on page_views_2012 (path);

create or replace function page_views_insert() returns trigger as '
begin
    if new.seen_on >= date ''2012-01-01'' then
        insert into page_views_2012 values (new.*);
    elsif new.seen_on >= date ''2011-01-01'' then
        insert into page_views_2011 values (new.*);
    else
        raise exception ''no table for %'', new.seen_on;
    end if;
    return null;
end
' language plpgsql;

create trigger page_views_insert before insert on page_views for each row execute procedure page_views_insert();

create table audited (changed_by text default 'system', changed_at timestamp default '2012-06-01');
create table audited_views (reason text) inherits (page_views_2012, audited);
alter table page_views_2011 add column legacy boolean default true;

insert into page_views (seen_on, path) values ('2011-03-04', '/'), ('2012-01-01', '/new'), ('2012-02-02', '/about');
insert into audited_views (seen_on, path, reason) values ('2012-12-31', '/old', 'import');
