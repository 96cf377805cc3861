-- Extended statistics and per-column targets that somebody added after a night with a bad plan.
create table addresses (
    id int primary key,
    zip text not null,
    city text not null,
    state text not null,
    added date not null default date '2024-01-01'
);

insert into addresses
select n, lpad((n % 40)::text, 5, '0'), 'city ' || n % 40, 'state ' || n % 8, date '2024-01-01' + n % 30
from generate_series(1, 400) n;

create statistics addresses_place (dependencies, ndistinct) on zip, city, state from addresses;
create statistics if not exists addresses_common (mcv) on city, state from addresses;
create statistics addresses_month on date_trunc('month', added::timestamp), (city || state) from addresses;
alter statistics addresses_common set statistics 500;

alter table addresses alter column zip set statistics 1000;
alter table addresses alter column city set (n_distinct = 40);
alter table addresses alter column state set storage extended;

analyze addresses;
