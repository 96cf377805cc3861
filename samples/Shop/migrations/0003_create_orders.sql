create table orders (
    id          bigint generated always as identity primary key,
    customer_id bigint not null references customers,
    status      text not null default 'Placed',
    placed_at   timestamptz not null default now(),

    constraint orders_status_known check (status in ('Placed', 'Cancelled'))
);

create index orders_customer_idx on orders (customer_id, placed_at);

create table order_lines (
    order_id   bigint not null references orders on delete cascade,
    product_id bigint not null references products,
    quantity   int not null,
    price      numeric(10, 2) not null,

    primary key (order_id, product_id),
    constraint order_lines_quantity_positive check (quantity > 0)
);
