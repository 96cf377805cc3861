using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

public sealed class SchemaCopyTests(TestServer server)
{
    [Fact]
    public async Task Every_copy_holds_the_tables_and_the_seeds()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)").Seed("1.sql", "insert into t values (7)");
        var options = project.Configure(server.Address, ("TemplateCopies", "3"));

        await using var copy = await TemplateStores.CopyAsync(server, options, TemplateKind.Schema);

        Assert.Equal("7, 7, 7", await Psql.RunAsync(copy.ConnectionString, "select n from test_1.t", "select n from test_2.t", "select n from test_3.t"));
        Assert.Equal("test_1, test_2, test_3", await Psql.RunAsync(copy.ConnectionString, "select nspname::text from pg_namespace where nspname like 'test%' order by 1"));
    }

    [Fact]
    public async Task Extensions_live_in_public_and_work_in_every_copy()
    {
        using var project = new ProjectDirectory()
            .Migration("1.sql", "create extension pgcrypto; create extension if not exists citext; create table t (id uuid default gen_random_uuid(), name citext unique, code text default encode(digest('x', 'md5'), 'hex'))");

        await using var copy = await TemplateStores.CopyAsync(server, project.Configure(server.Address), TemplateKind.Schema);

        Assert.Equal("citext|public, pgcrypto|public", await Psql.RunAsync(copy.ConnectionString, "select extname::text, extnamespace::regnamespace::text from pg_extension where extname <> 'plpgsql' order by 1"));
        Assert.Equal(
            "9dd4e461268c8034f5c8564e155c67a6|True",
            await Psql.RunAsync(copy.ConnectionString, "set search_path to test_2, public", "insert into t (name) values ('Ada')", "select code, name = 'ADA' from t"));
    }

    [Theory]
    [InlineData("create function f() returns void language sql as 'insert into t values (1)'")]
    [InlineData("create function f() returns void language plpgsql as 'begin insert into t values (1); end'")]
    [InlineData("create function f() returns void language sql begin atomic insert into t values (1); end")]
    [InlineData("create function f() returns void language sql set search_path from current as 'insert into t values (1)'")]
    public async Task A_function_writes_to_the_table_of_its_own_copy(string function)
    {
        using var project = new ProjectDirectory().Migration("1.sql", $"create table t (n int); {function};");
        await using var copy = await TemplateStores.CopyAsync(server, project.Configure(server.Address), TemplateKind.Schema);

        await Psql.RunAsync(copy.ConnectionString, "set search_path to test_2, public", "select f()::text");

        Assert.Equal("0|1", await Psql.RunAsync(copy.ConnectionString, "select (select count(*) from test_1.t), (select count(*) from test_2.t)"));
    }

    [Fact]
    public async Task A_trigger_runs_the_function_of_its_own_copy()
    {
        using var project = new ProjectDirectory().Migration(
            "1.sql",
            """
            create table t (n int);
            create table log (copy text);
            create function note() returns trigger language plpgsql as $$ begin insert into log values (tg_table_schema); return new; end $$;
            create trigger note after insert on t for each row execute function note();
            """);
        await using var copy = await TemplateStores.CopyAsync(server, project.Configure(server.Address), TemplateKind.Schema);

        await Psql.RunAsync(copy.ConnectionString, "set search_path to test_2, public", "insert into t values (1)");

        Assert.Equal("test_2", await Psql.RunAsync(copy.ConnectionString, "select copy from test_1.log union all select copy from test_2.log"));
    }

    [Fact]
    public async Task A_view_reads_the_table_of_its_own_copy()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int); create view v as select n from t; create materialized view m as select n from t");
        await using var copy = await TemplateStores.CopyAsync(server, project.Configure(server.Address), TemplateKind.Schema);
        await Psql.RunAsync(copy.ConnectionString, "insert into test_1.t values (1)", "insert into test_2.t values (2)", "refresh materialized view test_2.m");

        var seen = await Psql.RunAsync(copy.ConnectionString, "select n from test_1.v", "select n from test_2.v", "select n from test_1.m", "select n from test_2.m");

        Assert.Equal("1, 2, 2", seen);
    }

    [Fact]
    public async Task Types_are_those_of_their_own_copy()
    {
        using var project = new ProjectDirectory().Migration(
            "1.sql", "create type mood as enum ('ok'); create domain positive as int check (value > 0); create table t (m mood, p positive); alter type mood add value 'great'");
        await using var copy = await TemplateStores.CopyAsync(server, project.Configure(server.Address, ("Isolation", "Schema")), TemplateKind.Schema);

        var types = await Psql.RunAsync(copy.ConnectionString, "select format_type(atttypid, null) from pg_attribute where attrelid = 'test_2.t'::regclass and attnum > 0 order by attnum");

        Assert.Equal("test_2.mood, test_2.positive", types);
    }

    [Fact]
    public async Task Sequences_count_in_each_copy_alone()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (a serial, b int generated always as identity, c text)").Seed("1.sql", "insert into t (c) values ('seed')");
        await using var copy = await TemplateStores.CopyAsync(server, project.Configure(server.Address), TemplateKind.Schema);
        await Psql.RunAsync(copy.ConnectionString, "insert into test_1.t (c) values ('x')", "insert into test_1.t (c) values ('y')");

        var inserted = await Psql.RunAsync(copy.ConnectionString, "insert into test_2.t (c) values ('z') returning a, b");

        Assert.Equal("2|2", inserted);
    }

    [Fact]
    public async Task Foreign_keys_lead_to_the_table_of_their_own_copy()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int primary key); create table u (n int references t on delete cascade)");
        await using var copy = await TemplateStores.CopyAsync(server, project.Configure(server.Address), TemplateKind.Schema);

        var targets = await Psql.RunAsync(copy.ConnectionString, "select conrelid::regclass::text, confrelid::regclass::text from pg_constraint where contype = 'f' order by 1");

        Assert.Equal("test_1.u|test_1.t, test_2.u|test_2.t", targets);
    }

    [Fact]
    public async Task Statements_that_refuse_transactions_and_copied_data_are_in_every_copy()
    {
        using var project = new ProjectDirectory()
            .Migration("1.sql", "create table t (n int)")
            .Migration("2.sql", "create index concurrently i on t (n)")
            .Migration("3.sql", "copy t from stdin;\n1\n2\n\\.\n");

        await using var copy = await TemplateStores.CopyAsync(server, project.Configure(server.Address), TemplateKind.Schema);

        Assert.Equal("test_1.i, test_2.i", await Psql.RunAsync(copy.ConnectionString, "select indexrelid::regclass::text from pg_index where indrelid::regclass::text like '%.t' order by 1"));
        Assert.Equal("3, 3", await Psql.RunAsync(copy.ConnectionString, "select sum(n) from test_1.t", "select sum(n) from test_2.t"));
    }
}
