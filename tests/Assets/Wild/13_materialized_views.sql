-- Dashboards fed by materialised views, one of them refreshed concurrently and one never filled, as an analytics team leaves them.
create table sales (
    sale_id int primary key,
    sold_on date not null,
    store text not null,
    cents int not null
);
insert into sales select n, date '2024-01-01' + n % 90, 'store ' || n % 5, n * 7 % 1000 from generate_series(1, 200) as n;

create materialized view sales_by_store as
    select store, count(*) as sales, sum(cents) as cents from sales group by store order by store
with data;
create unique index on sales_by_store (store);

create materialized view sales_by_month with (fillfactor = 100) as
    select date_trunc('month', sold_on)::date as month, sum(cents) as cents from sales group by 1 order by 1;

create materialized view sales_forecast as
    select store, cents * 1.1 as cents from sales_by_store
with no data;
create index sales_forecast_store on sales_forecast (store);

create view best_store as select store from sales_by_store order by cents desc limit 1;

insert into sales values (1000, '2024-03-31', 'store 9', 5000);
refresh materialized view concurrently sales_by_store;
refresh materialized view sales_by_month;
