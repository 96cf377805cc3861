-- Checks that live in the type and not in every table: domains, one over another, tightened later and validated in a second step.
create domain country_code as char(2) check (value ~ '^[A-Z]{2}$');
create domain email as text constraint email_has_an_at check (position('@' in value) > 1);
create domain work_email as email check (value not like '%@example.com');
create domain quantity as integer default 1 not null;
create domain tags as text[] check (array_length(value, 1) <= 5);

create table suppliers (
    id serial primary key,
    country country_code not null,
    contact work_email,
    labels tags default '{}'
);

create table supply_lines (
    supplier_id int references suppliers on delete cascade,
    part_no text,
    amount quantity,
    primary key (supplier_id, part_no)
);

insert into suppliers (country, contact, labels) values
    ('DE', 'anna@werk.de', '{steel,bolts}'),
    ('PT', 'rui@fabrica.pt', '{cork}'),
    ('SE', null, default);
insert into supply_lines (supplier_id, part_no) values (1, 'M8'), (1, 'M10'), (2, 'C-100');

alter domain quantity add constraint quantity_is_positive check (value > 0) not valid;
alter domain quantity validate constraint quantity_is_positive;
comment on domain work_email is 'An address that is not a placeholder';
