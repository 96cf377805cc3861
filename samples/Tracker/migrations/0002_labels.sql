create table labels (
    name text primary key check (name ~ '^[a-z][a-z-]*$')
);

create table issue_labels (
    issue_id bigint not null references issues,
    label    text not null references labels,

    primary key (issue_id, label)
);
