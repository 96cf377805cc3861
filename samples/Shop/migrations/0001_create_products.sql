create table products (
    id    bigint generated always as identity primary key,
    sku   text not null,
    name  text not null,
    price numeric(10, 2) not null,
    stock int not null,

    constraint products_sku_key unique (sku),
    constraint products_name_not_empty check (name <> ''),
    constraint products_price_positive check (price > 0),
    constraint products_stock_not_negative check (stock >= 0)
);
