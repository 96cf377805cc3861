-- CREATE TEXT SEARCH CONFIGURATION knows no IF NOT EXISTS either: it is looked for in pg_ts_config by its name, and used by name at run time.
create extension if not exists unaccent;

do $$
begin
    if not exists (select 1 from pg_ts_config where cfgname = 'film_search') then
        create text search configuration film_search (copy = french);
        alter text search configuration film_search alter mapping for hword, hword_part, word with unaccent, french_stem;
    end if;
end
$$;

create table films (
    id int primary key,
    title text not null default ''
);

create or replace function search_films(q text) returns setof films language plpgsql stable as $$
begin
    return query select * from films where to_tsvector('film_search', title) @@ plainto_tsquery('film_search', q);
end
$$;

insert into films values (1, 'Les Enfants du paradis'), (2, 'À bout de souffle');
