-- Deferred, as an import may bring comments before their issues.
create table comments (
    id       bigint generated always as identity primary key,
    issue_id bigint not null references issues deferrable initially deferred,
    author   text not null,
    body     text not null check (body <> '')
);

create index comments_of_issue on comments (issue_id, id);
