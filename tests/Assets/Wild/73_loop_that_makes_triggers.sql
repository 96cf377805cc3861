-- One loop that gives every table with an updated_at column its trigger, in all schemas, so that nobody forgets one.
create table books (id int primary key, title text not null default '', updated_at timestamptz);
create table authors (id int primary key, name text not null default '', updated_at timestamptz);

create or replace function set_updated_at() returns trigger language plpgsql as $$
begin
    new.updated_at = clock_timestamp();
    return new;
end
$$;

do $$
declare
    t record;
begin
    for t in
        select c.table_schema, c.table_name
        from information_schema.columns c join information_schema.tables using (table_schema, table_name)
        where c.column_name = 'updated_at' and table_type = 'BASE TABLE'
    loop
        execute format('drop trigger if exists set_updated_at on %I.%I', t.table_schema, t.table_name);
        execute format(
            'create trigger set_updated_at before update on %I.%I for each row execute function set_updated_at()',
            t.table_schema, t.table_name);
    end loop;
end
$$;

insert into books (id, title) values (1, 'Emma');
insert into authors (id, name) values (1, 'Jane Austen');
