create table books (
    id     bigint generated always as identity primary key,
    title  text not null unique,
    author text not null
);
