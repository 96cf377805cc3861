-- A clickstream spread evenly over four hash partitions, which a platform team makes in a loop and looks up by name first.
create table if not exists clicks (
  account_id uuid not null,
  clicked_at timestamp not null,
  url text not null,
  primary key (account_id, clicked_at)
) partition by hash (account_id);

do $$
declare
  part text;
begin
  for n in 0..3 loop
    part := format('clicks_p%s', n);
    if to_regclass(part) is null then
      execute format('create table %I partition of clicks for values with (modulus 4, remainder %s)', part, n);
      execute format('alter table %I set (autovacuum_vacuum_scale_factor = 0.05)', part);
    end if;
  end loop;
end
$$;

insert into clicks
select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, timestamp '2024-05-01' + n * interval '1 minute', '/product/' || n
from generate_series(1, 25) as n;
