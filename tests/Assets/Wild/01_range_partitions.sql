-- A metering table cut by month with a default partition, as an operations team writes it by hand, one month at a time.
create table readings (
    meter_id   bigint      not null,
    read_at    timestamptz not null,
    kwh        numeric(12, 3) not null check (kwh >= 0),
    source     text        not null default 'modem',
    primary key (meter_id, read_at)
) partition by range (read_at);

create table readings_2024_01 partition of readings for values from ('2024-01-01 00:00+00') to ('2024-02-01 00:00+00');
create table readings_2024_02 partition of readings for values from ('2024-02-01 00:00+00') to ('2024-03-01 00:00+00');
create table readings_2024_03 partition of readings for values from ('2024-03-01 00:00+00') to ('2024-04-01 00:00+00')
    with (fillfactor = 90);
create table readings_rest partition of readings default;

create index readings_source_idx on readings (source, read_at desc);
create index readings_big_idx on readings_2024_01 (kwh) where kwh > 100;

alter table readings_2024_01 add constraint readings_2024_01_modem check (source <> 'paper');

insert into readings (meter_id, read_at, kwh)
select m, timestamptz '2024-01-05 06:00+00' + d * interval '9 days', 10 * m + d
from generate_series(1, 4) m, generate_series(0, 8) d;

insert into readings values (9, '2019-06-01 00:00+00', 0.5, 'paper');

-- January is closed: taken out, corrected, and put back.
alter table readings detach partition readings_2024_01;
update readings_2024_01 set kwh = kwh + 0.001 where meter_id = 2;
alter table readings attach partition readings_2024_01 for values from ('2024-01-01 00:00+00') to ('2024-02-01 00:00+00');
