using Npgsql;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>What tests leave is in the report, with the test that left it.</summary>
public sealed class LeakTests(TestServer server)
{
    [Fact]
    public async Task Tests_that_close_what_they_open_leave_nothing()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server.Address));
        for (var number = 0; number < 5; number++)
        {
            await using var lease = await session.LeaseAsync();
            await Psql.RunAsync(lease.ConnectionString, "begin", "insert into t values (1)", "create table mine (n serial)");
        }

        await using (var database = await session.LeaseAsync(LeaseKind.Database))
            await Psql.RunAsync(database.ConnectionString, "create schema own", "create table public.mine (n int)");

        var report = await session.EndAsync();

        Assert.Empty(Told(report));
        Assert.DoesNotContain(report.Log, entry => entry.Level != LogLevel.Information);
    }

    [Theory]
    [InlineData("select 1")]
    [InlineData("select nope")]
    public async Task A_connection_in_a_transaction_is_reported_and_warned_of(string statement)
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server.Address));
        await using var witness = await session.LeaseAsync(test: "witness");
        var lease = await session.LeaseAsync(test: "leaky");
        var open = await OpenAsync(lease);
        await using var idle = await OpenAsync(lease);
        await Psql.RunAsync(open, "begin");
        await Record.ExceptionAsync(() => Psql.RunAsync(open, statement));
        await lease.DisposeAsync();
        await UntilTakenBackAsync(lease);
        await witness.DisposeAsync();

        var report = await session.EndAsync();

        Assert.Equal(["Transaction leaky 2: Connections open at the release: 2, of them in a transaction: 1."], Told(report));
        Assert.Equal(
            "SI2007: 1 leases left connections in a transaction when they were released. Commit or roll back, and close connections, before the lease is disposed. Left by \"leaky\".",
            Assert.Single(report.Log, entry => entry.Level == LogLevel.Warning).Message);
    }

    [Fact]
    public async Task A_statement_that_still_runs_is_a_transaction()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        var lease = await session.LeaseAsync(LeaseKind.Database, LeaseContent.Empty, "leaky");
        await using var open = await OpenAsync(lease);
        var statement = Psql.RunAsync(open, "select pg_sleep(600) as of_a_leak");
        await Eventually.TrueAsync(async () => await Psql.RunAsync(server.Address, "postgres", "select 1 from pg_stat_activity where query = 'select pg_sleep(600) as of_a_leak' and wait_event = 'PgSleep'") == "1");
        await lease.DisposeAsync();
        await Assert.ThrowsAsync<PostgresException>(() => statement);

        var report = await session.EndAsync();

        Assert.Equal(["Transaction leaky 1: Connections open at the release: 1, of them in a transaction: 1."], Told(report));
    }

    [Fact]
    public async Task A_connection_that_a_pool_keeps_is_reported_as_idle_and_not_warned_of()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server.Address));
        await using var witness = await session.LeaseAsync(test: "witness");
        var lease = await session.LeaseAsync(test: "pooled");
        await using (await OpenAsync(lease))
        {
        }

        await lease.DisposeAsync();
        await UntilTakenBackAsync(lease);
        await witness.DisposeAsync();

        var report = await session.EndAsync();

        Assert.Contains("Connection pooled 2: Connections open at the release, all idle: 1.", report.Leaks.Select(Text));
        Assert.DoesNotContain(report.Log, entry => entry.Level != LogLevel.Information);
    }

    [Fact]
    public async Task A_connection_that_is_closed_after_the_release_is_given_a_moment()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        var lease = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty);
        await using (var open = new NpgsqlConnection(lease.ConnectionString + ";Pooling=false"))
        {
            await open.OpenAsync();
            await Psql.RunAsync(open, "begin", "create table t (n int)");
            await lease.DisposeAsync();
        }

        var report = await session.EndAsync();

        Assert.Empty(Told(report));
    }

    [Fact]
    public async Task What_is_released_right_before_the_end_is_looked_at_too()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server.Address, ("TemplateCopies", "8")));
        var leases = await Task.WhenAll(Enumerable.Range(1, 16).Select(_ => session.LeaseAsync(test: "leaky")));
        var open = await Task.WhenAll(leases.Select(OpenAsync));
        await Task.WhenAll(leases.Select(lease => Psql.RunAsync(lease.ConnectionString, $"create table public.of_{lease.Name} (n int)")));
        await Task.WhenAll(open.Select(connection => Psql.RunAsync(connection, "begin")));
        await Task.WhenAll(leases.Select(lease => lease.DisposeAsync().AsTask()));

        var report = await session.EndAsync();

        Assert.Equal(16, report.Leaks.Where(leak => leak.Kind == LeakKind.Transaction).Select(leak => leak.Leases.Single()).Distinct().Count());
        Assert.Equal(16, report.Leaks.Where(leak => leak.Kind == LeakKind.Object).Sum(leak => leak.What.Split("public.of_test_").Length - 1));
        Assert.Equal(0, report.Counts.Left);
    }

    [Fact]
    public async Task A_lease_never_released_is_reported_with_its_test()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        var dead = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty, "dies");
        await using var held = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty, "forgets");
        dead.Die();

        var report = await session.EndAsync();

        Assert.Equal(["Lease dies 1: The lease was never released.", "Lease forgets 2: The lease was never released."], Told(report));
        Assert.EndsWith("Never released: \"dies\", \"forgets\".", Assert.Single(report.Log, entry => entry.Level == LogLevel.Warning).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create schema leaked create table t (n int)", "schema leaked")]
    [InlineData("create schema \"we\"\"ird; x\"", "schema \"we\"\"ird; x\"")]
    [InlineData("create table public.t (n serial primary key)", "table public.t")]
    [InlineData("create table public.t (n int) partition by list (n)\ncreate table public.t1 partition of public.t for values in (1)", "table public.t")]
    [InlineData("create view public.v as select 1 as n", "view public.v")]
    [InlineData("create sequence public.s", "sequence public.s")]
    [InlineData("create type public.mood as enum ('a')", "type public.mood")]
    [InlineData("create type public.pair as (a int, b int)", "type public.pair")]
    [InlineData("create type public.span as range (subtype = int)", "type public.span")]
    [InlineData("create function public.f() returns int language sql return 1\ncreate function public.f(int) returns int language sql return 1", "function public.f")]
    public async Task An_object_outside_the_schema_is_reported_with_its_test_and_warned_of(string sql, string named)
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create extension citext; create table t (n citext)");
        var session = RunningSession.Start(project.Configure(server.Address));
        var lease = await session.LeaseAsync(test: "leaky");
        await Psql.RunAsync(lease.ConnectionString, sql.Split('\n'));
        await lease.DisposeAsync();

        var report = await session.EndAsync();

        Assert.Equal([$"Object leaky 1: Made outside the leased schema in {report.Leases[0].Slot.Split('.')[0]}: {named}."], Told(report));
        Assert.Equal(
            $"SI2008: Tests made objects outside their schema: \"{named}\". Where schemas share a database, other tests meet them; else each costs a new slot. Make them in the leased schema, or lease with IsolatedDatabase. They went with the session's database. Made by \"leaky\".",
            Assert.Single(report.Log, entry => entry.Level == LogLevel.Warning).Message);
    }

    [Theory]
    [InlineData("create temporary table t (n int)")]
    [InlineData("create schema leaked; drop schema leaked")]
    [InlineData("create extension hstore schema public")]
    [InlineData("create extension hstore")]
    [InlineData("drop schema public cascade")]
    public async Task What_is_no_object_outside_the_schema_is_not_reported(string sql)
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        var lease = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty, "tidy");
        await Psql.RunAsync(lease.ConnectionString, sql.Split("; "));
        await lease.DisposeAsync();

        var report = await session.EndAsync();

        Assert.Empty(Told(report));
    }

    [Fact]
    public async Task Only_those_who_can_have_made_it_are_named()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        var before = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty, "before");
        await using var beside = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty, "beside");
        await before.DisposeAsync();
        await UntilDroppedAsync(beside, before);
        var leaky = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty, "leaky");
        await Psql.RunAsync(leaky.ConnectionString, "create schema leaked");
        await leaky.DisposeAsync();
        await UntilDroppedAsync(beside, leaky);
        await using (await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty, "after"))
        {
        }

        await beside.DisposeAsync();

        var report = await session.EndAsync();

        Assert.Equal([$"Object beside,leaky 2,3: Made outside the leased schema in {beside.Database} by one of these tests: schema leaked."], Told(report));
    }

    [Fact]
    public async Task The_last_release_of_a_batch_is_looked_at_before_its_database_goes()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server.Address, ("TemplateCopies", "1")));
        var lease = await session.LeaseAsync(test: "leaky");
        await Psql.RunAsync(lease.ConnectionString, "create schema leaked");
        await lease.DisposeAsync();
        await Eventually.TrueAsync(async () => await Psql.RunAsync(server.Address, "postgres", $"select count(*) from pg_database where datname = '{lease.Database}'") == "0");

        var report = await session.EndAsync();

        Assert.Equal([$"Object leaky 1: Made outside the leased schema in {lease.Database}: schema leaked."], Told(report));
    }

    // Without idle connections: on a busy machine one that its test has closed may still be there.
    private static IEnumerable<string> Told(SessionReport report) => report.Leaks.Where(leak => leak.Kind != LeakKind.Connection).Select(Text);

    private static string Text(ReportedLeak leak) => $"{leak.Kind} {string.Join(',', leak.Tests)} {string.Join(',', leak.Leases)}: {leak.What}";

    private static async Task<NpgsqlConnection> OpenAsync(TestLease lease)
    {
        var connection = new NpgsqlConnection(lease.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    // Its directory goes when its connections have been looked at and ended.
    private static Task UntilTakenBackAsync(TestLease lease) => Eventually.TrueAsync(() => Task.FromResult(!Directory.Exists(lease.Directory)));

    private static Task UntilDroppedAsync(TestLease witness, TestLease lease)
        => Eventually.TrueAsync(async () => await Psql.RunAsync(witness.ConnectionString, $"select count(*) from pg_namespace where nspname = '{lease.Name}'") == "0");
}
