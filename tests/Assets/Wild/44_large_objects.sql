-- Scans kept as large objects and referred to by oid, with the trigger of the lo module that unlinks them: a port from the nineties.
create extension if not exists lo;

create table scans (
    id serial primary key,
    name varchar(80) not null default 'scan.tif',
    content lo
);
create trigger scans_unlink before update or delete on scans for each row execute procedure lo_manage(content);

insert into scans (name, content) values ('contract.tif', lo_from_bytea(0, 'II*'::bytea)), ('empty.tif', lo_create(0)), ('lost.tif', null);
