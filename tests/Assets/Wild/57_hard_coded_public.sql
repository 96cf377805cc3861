-- Every name with public. before it, as it comes out of a graphical client or of a team that was told to be explicit.
create table public.animals (
    id integer not null,
    name text default 'rex'::text not null,
    constraint animals_pkey primary key (id)
)
with (
    oids = false
);
create type public.visit_kind as enum ('check-up', 'surgery');
create table public.visits (
    id bigint generated always as identity primary key,
    animal_id integer not null references public.animals (id),
    kind public.visit_kind not null default 'check-up'::public.visit_kind
);
create view public.patients as select a.name, count(v.*) as visits from public.animals a left join public.visits v on v.animal_id = a.id group by a.id;

insert into public.animals values (1, 'Bello'), (2, 'Mitzi');
insert into public.visits (animal_id) values (1), (1), (2);
