-- A value added to an enum unless pg_enum has the label already, whatever type it belongs to.
create type ticket_priority as enum ('low', 'normal');
create table support_tickets (
    id int primary key,
    priority ticket_priority not null default 'normal'
);
insert into support_tickets values (1, default), (2, 'low');

do $$
begin
    if not exists (select 1 from pg_enum where enumlabel = 'urgent') then
        alter type ticket_priority add value 'urgent';
    end if;
end
$$;
