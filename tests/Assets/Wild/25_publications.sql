-- Change data capture for a stream processor: replica identities, and a publication made only where none of that name is.
create table products (
    id int primary key,
    name text not null default 'unnamed',
    price numeric(8, 2) not null default 0,
    internal_note text
);
create table stock_moves (product_id int not null references products, moved_on date not null default '2024-01-01', qty int not null default 0);
alter table products replica identity full;
alter table stock_moves replica identity full;

do $$
begin
  if not exists (select 1 from pg_publication where pubname = 'warehouse_changes') then
    create publication warehouse_changes for table products (id, name, price) where (price > 0), stock_moves
      with (publish = 'insert, update, delete');
  end if;
end
$$;

insert into products values (1, 'bolt', 0.1, null), (2, 'nut', 0.05, 'same supplier');
insert into stock_moves (product_id, qty) values (1, 100), (2, 250), (1, -20);
