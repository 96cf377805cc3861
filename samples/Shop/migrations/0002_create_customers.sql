create table customers (
    id    bigint generated always as identity primary key,
    email text not null,
    name  text not null,

    constraint customers_email_key unique (email),
    constraint customers_email_format check (email like '%_@_%')
);
