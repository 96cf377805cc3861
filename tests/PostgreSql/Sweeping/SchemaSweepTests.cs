using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sweeping;

[Trait("Version", "Any")]
public sealed class SchemaSweepTests(TestServer server)
{
    [Fact]
    public async Task Schemas_that_match_are_dropped_with_all_that_is_in_them()
    {
        await using var database = await server.CreateDatabaseAsync();
        await Psql.RunAsync(
            database.ConnectionString,
            "create schema test_1",
            "create type test_1.mood as enum ('low', 'high')",
            "create domain test_1.short as text check (length(value) < 9)",
            "create table test_1.parent (id serial primary key, mood test_1.mood default 'low', name test_1.short, body text)",
            "create table test_1.child (id bigint generated always as identity, parent int references test_1.parent) partition by range (id)",
            "create table test_1.child_1 partition of test_1.child for values from (1) to (100)",
            "create view test_1.seen as select * from test_1.parent",
            "create materialized view test_1.kept as select * from test_1.seen",
            "create function test_1.touch() returns trigger language plpgsql as 'begin return new; end'",
            "create trigger touch before update on test_1.parent for each row execute function test_1.touch()",
            "create statistics test_1.both on id, name from test_1.parent",
            "create policy own on test_1.parent using (id > 0)",
            "create publication test_1 for table test_1.parent",
            "create cast (test_1.mood as text) with inout",
            "alter default privileges in schema test_1 grant select on tables to public",
            "create schema test_2");

        var result = await SweepAsync(database, "test_*");

        Assert.Equal(2, result.Dropped);
        Assert.Empty(result.Kept);
        Assert.Equal("public", await ListAsync(database));
    }

    [Fact]
    public async Task Names_near_the_pattern_are_kept_and_so_is_what_is_in_them()
    {
        await using var database = await server.CreateDatabaseAsync();
        await Psql.RunAsync(
            database.ConnectionString,
            "create schema test", "create schema \"Test_1\"", "create schema my_test_1", "create schema testx1", "create schema test_1",
            "create table test.t (n int)", "create table public.test_1 (n int)", "create view test.v as select * from public.test_1");

        var result = await SweepAsync(database, "test_*");

        Assert.Equal(1, result.Dropped);
        Assert.Equal("Test_1, my_test_1, public, test, testx1", await ListAsync(database));
        Assert.Equal("0, 0", await Psql.RunAsync(database.ConnectionString, "select count(*) from test.t", "select count(*) from test.v"));
    }

    [Theory]
    [InlineData("test_'quoted\"")]
    [InlineData("test_ with  spaces ")]
    [InlineData("test_; drop schema public; --")]
    [InlineData("test_größe😀")]
    [InlineData("test_\n$1")]
    [InlineData("test_.dotted")]
    [InlineData("test_45678901234567890123456789012345678901234567890123456789012")]
    public async Task Odd_names_are_dropped(string name)
    {
        await using var database = await server.CreateDatabaseAsync();
        await Psql.RunAsync(database.ConnectionString, $"create schema {Identifier.Quote(name)}", $"create table {Identifier.Quote(name)}.t (n int)");

        var result = await SweepAsync(database, "test_*");

        Assert.Equal(1, result.Dropped);
        Assert.Equal("public", await ListAsync(database));
    }

    [Theory]
    [InlineData("create view public.v as select * from test_1.t", "view public.v")]
    [InlineData("create materialized view public.v as select * from test_1.t", "materialized view public.v")]
    [InlineData("create table public.u (n int references test_1.t)", "constraint u_n_fkey on table public.u")]
    [InlineData("create table public.u (m test_1.mood)", "column m of table public.u")]
    [InlineData("create function public.f(test_1.mood) returns int language sql as 'select 1'", "function public.f(test_1.mood)")]
    [InlineData("create table public.u (n int default test_1.next())", "default value for column n of table public.u")]
    [InlineData("create event trigger et on sql_drop execute function test_1.on_drop()", "event trigger et")]
    [InlineData("create cast (point as text) with function test_1.text_of(point)", "cast from point to text")]
    [InlineData("create domain public.d as test_1.mood", "type public.d")]
    [InlineData("create view public.v as select test_1.next()", "view public.v")]
    [InlineData("create table public.u (n int); create trigger tr before insert on public.u for each row execute function test_1.touch()", "trigger tr on table public.u")]
    [InlineData("create table public.u (n int, check (n < test_1.next()))", "constraint u_n_check on table public.u")]
    public async Task A_schema_that_something_outside_depends_on_is_kept_with_it(string outside, string name)
    {
        await using var database = await server.CreateDatabaseAsync();
        await CreateUsefulSchemaAsync(database);
        await Psql.RunAsync(database.ConnectionString, outside.Split("; "));

        var result = await SweepAsync(database, "test_*");

        Assert.Equal(1, result.Dropped);
        Assert.Equal(new KeptSchema("test_1", $"it would take what is not its own with it: {name}."), Assert.Single(result.Kept));
        Assert.Equal("public, test_1", await ListAsync(database));
    }

    [Theory]
    [InlineData("create table public.u () inherits (test_1.t)", "table public.u")]
    [InlineData("create table public.part partition of test_1.whole default", "table public.part")]
    [InlineData("create table test_2.u (m test_1.mood)", "column m of table test_2.u")]
    public async Task A_schema_that_a_table_elsewhere_is_made_from_is_kept(string outside, string name)
    {
        await using var database = await server.CreateDatabaseAsync();
        await CreateUsefulSchemaAsync(database);
        await Psql.RunAsync(database.ConnectionString, outside);

        var result = await SweepAsync(database, "test_1");

        Assert.StartsWith($"it would take what is not its own with it: {name}", Assert.Single(result.Kept).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_key_to_a_table_outside_goes_and_the_table_stays()
    {
        await using var database = await server.CreateDatabaseAsync();
        await Psql.RunAsync(
            database.ConnectionString,
            "create table public.shared (n int primary key)", "create schema test_1", "create table test_1.t (n int references public.shared)");

        var result = await SweepAsync(database, "test_*");

        Assert.Equal(1, result.Dropped);
        Assert.Equal("0", await Psql.RunAsync(database.ConnectionString, "select count(*) from public.shared"));
    }

    [Fact]
    public async Task An_extension_that_a_suite_installed_into_its_schema_goes_with_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        await Psql.RunAsync(database.ConnectionString, "create schema test_1", "create extension hstore schema test_1", "create table test_1.t (h test_1.hstore)");

        var result = await SweepAsync(database, "test_*");

        Assert.Equal(1, result.Dropped);
        Assert.Equal("public", await ListAsync(database));
    }

    [Fact]
    public async Task An_extension_that_others_use_keeps_its_schema()
    {
        await using var database = await server.CreateDatabaseAsync();
        await Psql.RunAsync(database.ConnectionString, "create schema test_1", "create extension hstore schema test_1", "create table public.t (h test_1.hstore)");

        var result = await SweepAsync(database, "test_*");

        Assert.Contains("column h of table public.t", Assert.Single(result.Kept).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_with_a_member_of_an_extension_from_elsewhere_is_kept()
    {
        await using var database = await server.CreateDatabaseAsync();
        await Psql.RunAsync(
            database.ConnectionString, "create extension hstore schema public", "create schema test_1", "create table test_1.t (n int)", "alter extension hstore add table test_1.t");

        var result = await SweepAsync(database, "test_*");

        Assert.Contains("table test_1.t", Assert.Single(result.Kept).Reason, StringComparison.Ordinal);
        Assert.Equal("1", await Psql.RunAsync(database.ConnectionString, "select count(*) from pg_extension where extname = 'hstore'"));
    }

    [Fact]
    public async Task A_schema_somebody_holds_a_lock_in_is_kept_and_the_next_sweep_drops_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        await Psql.RunAsync(database.ConnectionString, "create schema test_1", "create table test_1.t (n int)", "create schema test_2");
        await using var client = await database.OpenAsync();
        await using var transaction = await client.BeginTransactionAsync();
        await Psql.RunAsync(client, "select * from test_1.t");

        var locked = await SweepAsync(database, "test_*");
        await transaction.RollbackAsync();
        var free = await SweepAsync(database, "test_*");

        Assert.Equal(1, locked.Dropped);
        Assert.Equal(new KeptSchema("test_1", "somebody holds a lock in it: canceling statement due to lock timeout"), Assert.Single(locked.Kept));
        Assert.Equal(1, free.Dropped);
        Assert.Empty(free.Kept);
    }

    [Fact]
    public async Task A_schema_of_another_role_is_kept()
    {
        await using var database = await server.CreateDatabaseAsync();
        var role = $"owner_of_{database.Name}";
        await Psql.RunAsync(database.ConnectionString, $"create role {role} login createdb", $"grant create on database {database.Name} to {role}", "create schema test_1");
        await using var modest = await PostgresServer.ConnectAsync(ServerAddress.ForSocket(server.Address.Host, role), "postgres", CancellationToken.None);
        await Psql.RunAsync(modest.Address, database.Name, "create schema test_2");

        var result = await new SchemaSweep(modest, database.Name, SchemaPattern.Parse("test_*").Matches).RunAsync(CancellationToken.None);

        Assert.Equal(1, result.Dropped);
        Assert.Equal(new KeptSchema("test_1", "must be owner of schema test_1"), Assert.Single(result.Kept));
    }

    [Fact]
    public async Task Two_sweeps_at_the_same_time_drop_everything_and_keep_nothing()
    {
        await using var database = await server.CreateDatabaseAsync();
        await LeaveAsync(database, schemas: 20, tables: 3);

        var results = await Task.WhenAll(SweepAsync(database, "test_*"), SweepAsync(database, "test_*"));

        Assert.Empty(results.SelectMany(result => result.Kept));
        Assert.Equal("public", await ListAsync(database));
    }

    [Fact]
    public async Task Many_leftovers_are_dropped()
    {
        await using var database = await server.CreateDatabaseAsync();
        await LeaveAsync(database, schemas: 300, tables: 10);

        var result = await SweepAsync(database, "test_*");

        Assert.Equal(300, result.Dropped);
        Assert.Equal("public", await ListAsync(database));
    }

    [Fact]
    public async Task A_database_that_is_gone_has_nothing_to_drop()
    {
        var sweep = new SchemaSweep(server.Postgres, "test_that_is_gone", SchemaPattern.Parse("test_*").Matches);

        var result = await sweep.RunAsync(CancellationToken.None);

        Assert.Equal(0, result.Dropped);
        Assert.Empty(result.Kept);
    }

    private static Task<string> CreateUsefulSchemaAsync(TestDatabase database) => Psql.RunAsync(
        database.ConnectionString,
        "create schema test_1",
        "create schema test_2",
        "create type test_1.mood as enum ('low')",
        "create table test_1.t (n int primary key)",
        "create table test_1.whole (n int) partition by range (n)",
        "create function test_1.next() returns int language sql as 'select 1'",
        "create function test_1.touch() returns trigger language plpgsql as 'begin return new; end'",
        "create function test_1.text_of(point) returns text language sql as 'select null::text'",
        "create function test_1.on_drop() returns event_trigger language plpgsql as 'begin null; end'");

    private static async Task LeaveAsync(TestDatabase database, int schemas, int tables)
    {
        await using var connection = await database.OpenAsync();
        for (var schema = 1; schema <= schemas; schema++)
        {
            await Psql.RunAsync(
                connection,
                $"""
                do $$ begin
                create schema test_{schema};
                for n in 1..{tables} loop
                    execute format('create table test_{schema}.t%s (id serial primary key, body text)', n);
                end loop;
                end $$
                """);
        }
    }

    private Task<SchemaSweepResult> SweepAsync(TestDatabase database, string pattern)
        => new SchemaSweep(server.Postgres, database.Name, SchemaPattern.Parse(pattern).Matches).RunAsync(CancellationToken.None);

    private static Task<string> ListAsync(TestDatabase database)
        => Psql.RunAsync(database.ConnectionString, "select nspname::text from pg_namespace where nspname not like 'pg\\_%' and nspname <> 'information_schema' order by nspname collate \"C\"");
}
