-- Opening hours and tolerances as range types of one's own, with their multiranges, from a team that reads release notes.
create function time_difference(a time, b time) returns float8
    language sql strict immutable parallel safe
    return extract(epoch from (a - b));

create type time_range as range (subtype = time, subtype_diff = time_difference);
create type tolerance as range (subtype = float8, subtype_diff = float8mi, multirange_type_name = tolerances);

create table opening_hours (
    shop text not null,
    weekday smallint not null check (weekday between 1 and 7),
    open time_range not null,
    exclude using gist (int4range(weekday, weekday, '[]') with &&, open with &&) where (shop = 'main')
);

create table gauges (
    id int primary key,
    allowed tolerance not null,
    dead_zones tolerances not null default '{}',
    holidays datemultirange not null default datemultirange()
);

create index gauges_allowed on gauges using gist (allowed);
create index gauges_dead_zones on gauges using gist (dead_zones);

insert into opening_hours values ('main', 1, '[08:00,12:00)'), ('main', 1, '[13:00,18:00)'), ('depot', 6, '[09:30,12:00]');
insert into gauges values
    (1, '[0.95,1.05]', '{[0.99,1.0),[1.01,1.02)}', '{[2024-12-24,2024-12-27),[2025-01-01,2025-01-02)}'),
    (2, '(,10)', default, default);
