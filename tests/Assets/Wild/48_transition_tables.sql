-- Totals kept up to date once a statement instead of once a row, by transition tables, after the row-wise version had been too slow.
create table votes (id bigint generated always as identity primary key, poll int not null default 1, choice text not null default 'none');
create table vote_totals (poll int, choice text, votes bigint not null, primary key (poll, choice));

create function count_votes() returns trigger language plpgsql as $$
begin
    if tg_op in ('DELETE', 'UPDATE') then
        update vote_totals t set votes = t.votes - o.n
        from (select poll, choice, count(*) n from gone group by 1, 2) o where (t.poll, t.choice) = (o.poll, o.choice);
    end if;
    if tg_op in ('INSERT', 'UPDATE') then
        insert into vote_totals as t select poll, choice, count(*) from come group by 1, 2
        on conflict (poll, choice) do update set votes = t.votes + excluded.votes;
    end if;
    return null;
end
$$;

create trigger votes_in after insert on votes referencing new table as come for each statement execute function count_votes();
create trigger votes_moved after update on votes referencing old table as gone new table as come for each statement execute function count_votes();
create trigger votes_out after delete on votes referencing old table as gone for each statement execute function count_votes();

insert into votes (choice) select (array['yes', 'no', 'maybe'])[1 + n % 3] from generate_series(1, 20) n;
update votes set choice = 'yes' where id % 5 = 0;
delete from votes where id = 7;
