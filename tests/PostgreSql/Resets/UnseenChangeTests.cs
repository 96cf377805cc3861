using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Resets;

/// <summary>What leaves few traces, or none in the usual places, or cannot be undone by a delete and a copy.</summary>
public sealed class UnseenChangeTests(TestServer server)
{
    private const string Parents = "create table parents (id int primary key, name text not null unique); insert into parents values (1, 'a'), (2, 'b'), (3, 'c')";
    private const string Audit = "create table audit (what text); create function note() returns trigger language plpgsql as 'begin insert into public.audit values (tg_op);return null;end'";
    private const string Large = "create table big (id int primary key, v text); create index big_back on big ((-id)); insert into big select n, repeat('b', 200) from generate_series(1, 8000) n";
    private const string Documents = "create table documents (id int, body text); alter table documents alter body set storage external; insert into documents values (1, repeat('z', 9000))";
    private const string Events = "create table events (n int, v text) partition by range (n); create table early partition of events for values from (0) to (10); create table late partition of events default; insert into events values (1, 'a'), (11, 'b')";
    private const string Cycle = "create table hens (id int primary key, egg int); create table eggs (id int primary key, hen int references hens (id)); alter table hens add foreign key (egg) references eggs (id); insert into hens values (1); insert into eggs values (1, 1); update hens set egg = 1";

    public static TheoryData<string, string> FewTracesInLargeTables => new()
    {
        { Large, "begin; insert into big values (9000, 'x'); rollback" },
        { Large, "select 1 from big where id = 5 for update" },
        { Large + "; create table refers (big_id int references big (id))", "insert into refers values (5)" },
    };

    [Theory]
    [InlineData(Parents, "begin; insert into parents values (4, 'd'); rollback")]
    [InlineData(Documents, "update documents set body = repeat('q', 20000); update documents set body = repeat('z', 9000)")]
    [InlineData(Documents, "begin; update documents set body = repeat('q', 20000); rollback")]
    [InlineData("create unlogged table scratch (n int primary key); insert into scratch values (1)", "insert into scratch values (2)")]
    [InlineData(Events, "insert into events values (2, 'c'); update events set n = n + 10")]
    [InlineData(Events, "truncate events")]
    [InlineData("create table events (n int) partition by range (n)", "analyze events")]
    [InlineData(Parents + "; create table children (toy text) inherits (parents); insert into children values (9, 'x', 'y')", "update parents set name = name || 'z'; insert into children values (10, 'v', 'w')")]
    [InlineData(Parents, "create table passing () inherits (parents); drop table passing")]
    [InlineData(Parents + "; create materialized view totals as select count(*) from parents", "refresh materialized view totals")]
    [InlineData(Parents + "; create rule r as on delete to parents do instead nothing", "update parents set name = 'z' where id = 1")]
    [InlineData(Parents + "; " + Audit + "; create trigger t after insert or delete on parents for each row execute function note()", "delete from parents where id = 1")]
    [InlineData(Parents + "; create extension citext; alter extension citext add table parents", "delete from parents where id = 1")]
    [InlineData("create table nothing (); insert into nothing default values", "insert into nothing default values")]
    [InlineData(Parents + "; alter table parents enable row level security, force row level security", "delete from parents")]
    [InlineData("create table sizes (v text, n int generated always as (length(v)) stored); insert into sizes values ('abc')", "update sizes set v = v || 'd'")]
    [InlineData(Parents + "; alter table parents add gone int default 7, add kept int default 8; alter table parents drop column gone", "update parents set kept = 9")]
    [InlineData(Parents + "; create view names as select id, name from parents; create function set_name() returns trigger language plpgsql as 'begin update public.parents set name = new.name where id = new.id;return new;end'; create trigger t instead of update on names for each row execute function set_name()", "update names set name = 'z' where id = 1")]
    [InlineData(Cycle, "delete from eggs; update hens set egg = null; delete from eggs")]
    [InlineData("create table links (id int primary key, next int references links (id)); insert into links values (1, 2), (2, 1)", "update links set next = id")]
    [InlineData("select lo_from_bytea(4711, 'abc')", "select lo_get(4711)")]
    [InlineData("create table many (id int primary key, v int unique); insert into many select n, -n from generate_series(1, 2000) n", "truncate many")]
    [InlineData("create table many (id int primary key, v int unique); insert into many select n, -n from generate_series(1, 2000) n", "update many set v = v - 5000")]
    [InlineData("create table many (id int primary key, v int unique); insert into many select n, -n from generate_series(1, 2000) n", "begin; insert into many select n, -n from generate_series(2001, 9000) n; rollback")]
    [InlineData("create table many (id int primary key, tags text[]); create index many_tags on many using gin (tags); insert into many select n, array['t' || n % 7] from generate_series(1, 2000) n", "update many set tags = tags || 'x'::text")]
    [InlineData("create table booked (during int4range, exclude using gist (during with &&))", "insert into booked select int4range(n, n + 1) from generate_series(1, 3000) n")]
    public Task What_left_few_traces_is_undone(string template, string work) => AssertUndoneAsync(template, work);

    [Theory]
    [MemberData(nameof(FewTracesInLargeTables))]
    public Task What_left_few_traces_in_a_large_table_is_undone(string template, string work)
    {
        Assert.SkipUnless(server.Postgres.Description.MajorVersion >= 15, "Before, a vacuum of a few pages estimates anew how many rows there are in all.");

        return AssertUndoneAsync(template, work);
    }

    [Theory]
    [MemberData(nameof(FewTracesInLargeTables))]
    public async Task What_left_few_traces_in_a_large_table_is_seen_where_a_vacuum_estimates_its_rows_anew(string template, string work)
    {
        Assert.SkipUnless(server.Postgres.Description.MajorVersion < 15, "Since then, a vacuum of a few pages leaves the number of rows alone.");
        await using var used = await ResetCase.CreateAsync(server, template.Split("; "));
        await TryUseAsync(used, work);

        var reason = await used.ResetAsync();

        Assert.Equal("it changed the rows of public.big, which are too many to write again, or a view's", reason);
    }

    [Theory]
    [InlineData("create table booked (during int4range, exclude using gist (during with &&)); insert into booked values ('[1,5)'), ('[5,9)')", "delete from booked; insert into booked values ('[1,9)')", "it changed rows of the index public.booked_during_excl, whose kind (gist) comes out otherwise each time")]
    [InlineData(Large, "delete from big where id = 77", "the rows of public.big")]
    [InlineData(Large, "update big set v = v where id = 77", "the rows of public.big")]
    [InlineData(Large, "cluster big using big_back; alter table big set without cluster", "the rows of public.big")]
    [InlineData(Parents + "; create materialized view totals as select count(*) from parents", "insert into parents values (4, 'd'); refresh materialized view totals", "the rows of public.totals")]
    [InlineData(Parents + "; create materialized view totals as select * from parents where false with no data", "refresh materialized view totals", "materialized view public.totals")]
    [InlineData(Parents + "; create rule r as on delete to parents do instead nothing; alter table parents enable always rule r", "update parents set name = 'z' where id = 1", "its reset failed: duplicate key")]
    [InlineData(Parents + "; alter table parents add check (id > 1) not valid", "update parents set name = 'z' where id = 3", "its reset failed: new row for relation \"parents\" violates check constraint")]
    [InlineData("create table rights (r aclitem); insert into rights values ('=r/postgres')", "insert into rights select * from rights", "the rows of public.rights")]
    [InlineData("create type mood as enum ('sad')", "alter type mood add value 'glad'", "pg_enum")]
    [InlineData("create domain amount as int", "alter domain amount add check (value > 0)", "constraint amount_check")]
    [InlineData("create function f() returns event_trigger language plpgsql as 'begin end'", "create event trigger e on ddl_command_start execute function f()", "event trigger e")]
    [InlineData("select lo_from_bytea(4711, 'abc')", "select lo_put(4711, 0, 'xyz')", "pg_largeobject")]
    [InlineData("select 1", "revoke execute on function pg_sleep(float8) from public", "function pg_sleep(double precision)")]
    [InlineData("select 1", "alter text search configuration english alter mapping for word with simple", "pg_ts_config_map")]
    [InlineData("select 1", "comment on extension plpgsql is 'x'", "pg_description")]
    public async Task What_left_few_traces_and_cannot_be_undone_is_named(string template, string work, string named)
    {
        await using var used = await ResetCase.CreateAsync(server, template.Split("; "));
        await TryUseAsync(used, work);

        var reason = await used.ResetAsync();

        Assert.Contains(named, reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Parents + "; create rule r as on delete to parents do instead nothing; alter table parents enable always rule r")]
    [InlineData(Parents + "; " + Audit + "; create trigger t after insert or delete on parents for each row execute function note(); alter table parents enable always trigger t")]
    [InlineData(Parents + "; " + Audit + "; alter table parents add check (id > 1) not valid")]
    public async Task Rows_that_would_not_come_back_stay_where_the_migrations_wrote_them(string template)
    {
        await using var used = await ResetCase.CreateAsync(server, [.. template.Split("; "), "create table if not exists audit (what text)"]);

        var (rows, _) = await used.AskBothAsync("select * from parents", "select count(*) from audit");

        Assert.Equal("1|a, 2|b, 3|c, 0", rows);
    }

    [Fact]
    public async Task A_subscription_is_named()
    {
        await using var used = await ResetCase.CreateAsync(server, Parents.Split("; "));
        await used.UseAsync("create subscription s connection 'dbname=x' publication p with (connect = false)");

        var reason = await used.ResetAsync();

        Assert.Equal("it changed what pg_subscription lists", reason);
        await used.UseAsync("alter subscription s set (slot_name = none)", "drop subscription s");
    }

    [Fact]
    public async Task Settings_that_every_clone_is_given_are_no_change()
    {
        await using var used = await ResetCase.CreateAsync(server, Parents.Split("; "));
        await used.AskBothAsync("do 'begin execute format(''alter database %I set work_mem = 1000'', current_database()); end'");

        var reason = await used.ResetAsync();

        Assert.Null(reason);
    }

    private async Task AssertUndoneAsync(string template, string work)
    {
        await using var used = await ResetCase.CreateAsync(server, template.Split("; "));
        await TryUseAsync(used, work);

        var reason = await used.ResetAsync();

        Assert.Null(reason);
        Assert.Equal("", await used.CompareAsync());
    }

    // What a test does may fail, and a transaction of it is rolled back then.
    private static async Task TryUseAsync(ResetCase used, string work)
    {
        foreach (var statement in work.StartsWith("begin; ", StringComparison.Ordinal) ? [work] : work.Split("; "))
        {
            try
            {
                await used.UseAsync(statement.Split("; "));
            }
            catch (Npgsql.PostgresException exception) when (exception.SqlState == "23503") // foreign_key_violation
            {
                // A delete within a cycle, of which the others go on.
            }
        }
    }
}
