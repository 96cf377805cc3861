-- One loop that adds the new tax to every price, wherever a table has such a column, because there are too many tables to name.
create table menu_items (id int primary key, name text not null default 'dish', price numeric(8, 2) not null default 0);
create table drinks (id int primary key, name text not null default 'drink', price numeric(8, 2) not null default 0);
insert into menu_items values (1, 'Soup', 4.00), (2, 'Stew', 9.50);
insert into drinks values (1, 'Water', 1.00), (2, 'Wine', 5.00);

do $$
declare
    t record;
begin
    for t in
        select c.table_schema, c.table_name
        from information_schema.columns c join information_schema.tables using (table_schema, table_name)
        where c.column_name = 'price' and table_type = 'BASE TABLE'
    loop
        execute format('update %I.%I set price = round(price * 1.23, 2)', t.table_schema, t.table_name);
    end loop;
end
$$;
