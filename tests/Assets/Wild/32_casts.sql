-- Casts from text to the application's own enums, so that an object-relational mapper may send strings: every second Hibernate project has them.
create type ticket_state as enum ('open', 'waiting', 'closed');
create type ticket_weight as (points int);

create function ticket_weight_to_int(w ticket_weight) returns int immutable strict language sql as 'select w.points';

create cast (varchar as ticket_state) with inout as implicit;
create cast (ticket_weight as int) with function ticket_weight_to_int(ticket_weight) as assignment;

create table tickets (
    id bigint primary key,
    state ticket_state not null default 'open',
    weight ticket_weight,
    opened date not null default '2024-02-29'
);

insert into tickets (id, state) values (1, 'open'::varchar), (2, 'closed'::varchar);
insert into tickets values (3, default, row(5)::ticket_weight);
