-- The search document kept by the built-in trigger, whose arguments must name the configuration with its schema: public, as the manual's example has it.
create text search configuration recipes_search (copy = pg_catalog.english);

create table dishes (
    id int primary key,
    title text not null default '',
    method text not null default '',
    document tsvector
);

insert into dishes (id, title, method) values (1, 'Soup', 'Boil the leeks'), (2, 'Bread', 'Bake it');
update dishes set document = to_tsvector('recipes_search', title || ' ' || method);

create trigger dishes_document before insert or update on dishes
    for each row execute function tsvector_update_trigger(document, 'public.recipes_search', title, method);
