create table issues (
    id           bigint generated always as identity primary key,
    title        text not null check (title <> ''),
    is_closed    boolean not null default false,
    duplicate_of bigint references issues
);
