-- Aggregates of one's own, plain, ordered-set and moving, for figures that reports ask for again and again.
create function product_step(state numeric, value numeric) returns numeric
    immutable strict parallel safe language sql as 'select state * value';

create aggregate product (numeric) (
    sfunc = product_step,
    stype = numeric,
    initcond = '1',
    combinefunc = numeric_mul,
    parallel = safe
);

create function keep_first(state anyelement, value anyelement) returns anyelement
    immutable strict language sql as $$ select state $$;
create aggregate first_value_of (anyelement) (sfunc = keep_first, stype = anyelement);

create or replace aggregate sum_moving (float8) (
    sfunc = float8pl, stype = float8, initcond = '0',
    msfunc = float8pl, minvfunc = float8mi, mstype = float8, minitcond = '0'
);

create aggregate share_of (float8 order by anyelement) (
    sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final, finalfunc_extra
);

create table growth (year int primary key, factor numeric not null default 1);
insert into growth values (2020, 0.95), (2021, 1.03), (2022, 1.07), (2023, 1.01);

create view growth_total as select product(factor) as total, first_value_of(year) as since from (select * from growth order by year) g;
comment on aggregate product (numeric) is 'Multiplies what sum adds';
