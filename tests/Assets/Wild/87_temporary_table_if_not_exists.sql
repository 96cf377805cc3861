-- The same import by somebody who had met "already exists" while trying it out, and wrote IF NOT EXISTS.
create table if not exists cargo (
    id int generated always as identity primary key,
    label text not null default '',
    loaded boolean not null default false
);

create temp table if not exists cargo_import (
    label text
);
insert into cargo_import values ('crates'), ('barrels'), ('sacks');
insert into cargo (label) select label from cargo_import order by label;
