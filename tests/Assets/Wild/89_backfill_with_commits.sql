-- A backfill that commits after each batch, from a procedure and from a DO block, so that it locks few rows at a time.
create table heartbeats (
    id int primary key,
    raw text not null default '60',
    bpm int
);
insert into heartbeats (id, raw) select n, (50 + n % 60)::text from generate_series(1, 100) n;

create procedure backfill_bpm(batch int) language plpgsql as $$
declare
    done int;
begin
    loop
        update heartbeats set bpm = raw::int
        where id in (select id from heartbeats where bpm is null order by id limit batch);
        get diagnostics done = row_count;
        commit;
        exit when done = 0;
    end loop;
end
$$;

call backfill_bpm(40);

do $$
begin
    for n in 1..3 loop
        update heartbeats set bpm = bpm + 1 where id % 3 = n % 3;
        commit;
    end loop;
end
$$;

alter table heartbeats alter bpm set not null, alter bpm set default 60;
