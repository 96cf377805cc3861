using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Resets;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>Sessions of a role that may not create databases.</summary>
public sealed class SharedDatabaseTests(TestServer server, PreparingServer preparing) : IClassFixture<PreparingServer>
{
    private const string Table = "create table packs (id int generated always as identity primary key, ref text); insert into packs (ref) values ('seed')";

    [Fact]
    public async Task Leases_that_are_held_at_once_have_schemas_of_their_own_and_nothing_is_left()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(given.Configure(project));

        var leases = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => session.LeaseAsync()));
        await Task.WhenAll(leases.Select((lease, i) => Psql.RunAsync(lease.ConnectionString, $"insert into packs (ref) values ('{i}')")));
        var seen = await Task.WhenAll(leases.Select(lease => Psql.RunAsync(lease.ConnectionString, "select ref from packs where ref <> 'seed'", "select max(id) from packs")));
        foreach (var lease in leases)
            await lease.DisposeAsync();
        var report = await session.EndAsync();

        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"{i}, 2"), seen);
        Assert.All(leases, lease => Assert.Equal(given.Name, lease.Database));
        Assert.All(leases, lease => Assert.Equal(session.Id, SchemaName.SessionOf(lease.Name)));
        Assert.Equal(0, report.Counts.Left);
        Assert.Equal(report.Counts.Made, report.Counts.Dropped);
        Assert.Equal("public", await given.ListSchemasAsync());
    }

    [Fact]
    public async Task A_slot_is_not_used_twice()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(given.Configure(project, ("Reuse", "Warm")));
        var names = new HashSet<string>(StringComparer.Ordinal);

        for (var i = 0; i < 5; i++)
        {
            await using var lease = await session.LeaseAsync();
            Assert.True(names.Add(lease.Name));
            Assert.Equal("1", await Psql.RunAsync(lease.ConnectionString, "insert into packs (ref) values ('mine')", "select count(*) from packs where ref = 'seed'"));
            Assert.Equal("2", await Psql.RunAsync(lease.ConnectionString, "select count(*) from packs"));
        }
    }

    [Fact]
    public async Task A_test_finds_only_its_own_tables()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(given.Configure(project));
        await using var lease = await session.LeaseAsync();

        var missing = await Assert.ThrowsAsync<PostgresException>(() => Psql.RunAsync(lease.ConnectionString, "select * from users"));

        Assert.Equal(PostgresErrorCodes.UndefinedTable, missing.SqlState);
    }

    [Fact]
    public async Task Empty_and_named_schemas_are_leased_and_dropped_as_well()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(given.Configure(project));
        await using (var empty = await session.LeaseAsync(content: LeaseContent.Empty))
            await Psql.RunAsync(empty.ConnectionString, "create table t (n int)");
        await using (var named = await session.LeaseAsync(content: LeaseContent.NameOnly))
            await Psql.RunAsync(named.ConnectionString, $"create schema {named.Name}", "create table t (n int)");

        var report = await session.EndAsync();

        Assert.Equal(new ReportedCounts(Leases: 2, Made: 2, Dropped: 2, Left: 0), report.Counts);
        Assert.Equal("public", await given.ListSchemasAsync());
    }

    [Fact]
    public async Task A_session_that_leases_nothing_makes_nothing()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int); this is no statement");
        await using var session = RunningSession.Start(given.Configure(project));

        var report = await session.EndAsync();

        Assert.Equal(new ReportedCounts(0, 0, 0, 0), report.Counts);
    }

    [Fact]
    public async Task What_a_lease_left_connected_is_ended_with_it_and_another_sessions_is_not()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        var options = given.Configure(project);
        await using var session = RunningSession.Start(options);
        await using var other = RunningSession.Start(options);
        var lease = await session.LeaseAsync();
        await using var others = await other.LeaseAsync(); // The same number, and a test of the same name.
        await using var left = new NpgsqlConnection(lease.ConnectionString);
        await left.OpenAsync();
        await using var kept = new NpgsqlConnection(others.ConnectionString);
        await kept.OpenAsync();

        await lease.DisposeAsync();

        await Eventually.TrueAsync(async () => !(await given.ListSchemasAsync()).Contains(lease.Name, StringComparison.Ordinal));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Psql.RunAsync(left, "select 1"));
        Assert.Equal("1", await Psql.RunAsync(kept, "select 1"));
    }

    [Fact]
    public async Task A_connection_that_works_in_a_slot_at_the_end_is_ended_under_whatever_name_it_has()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(given.Configure(project));
        await using var lease = await session.LeaseAsync();
        await using var busy = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(lease.ConnectionString) { ApplicationName = "somebody", Pooling = false }.ConnectionString);
        await busy.OpenAsync();
        await Psql.RunAsync(busy, "begin", "lock table packs");

        var report = await session.EndAsync();

        Assert.Equal(0, report.Counts.Left);
        Assert.Equal("public", await given.ListSchemasAsync());
    }

    [Fact]
    public async Task What_somebody_else_hung_on_a_slot_keeps_it_and_is_told()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(given.Configure(project));
        var lease = await session.LeaseAsync();
        await given.AskAsync($"create view public.of_a_test as select * from {lease.Name}.packs");
        await lease.DisposeAsync();

        var report = await session.EndAsync();

        Assert.Equal(1, report.Counts.Left);
        Assert.Contains(report.Log, entry => entry.Message.StartsWith("SI3001: ", StringComparison.Ordinal) && entry.Message.Contains($"{lease.Name}: it would take what is not its own with it: view public.of_a_test", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Leftovers_of_dead_sessions_are_swept_and_nothing_else()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        var (dead, alive) = (SessionId.New(), SessionId.New());
        await given.AskAsync(
            $"set role {given.Name}",
            $"create schema {SchemaName.ForShared(dead, 1)}", $"create table {SchemaName.ForShared(dead, 1)}.t (n int)",
            $"create schema {SchemaName.ForShared(alive, 1)}",
            "create schema si_12345678", "create schema si_1234567x_1", "create schema test_1");
        await using var postgres = await PostgresServer.ConnectAsync(given.Address, given.Name, CancellationToken.None, isShared: true);
        await using var held = await AdvisoryLock.TryTakeSessionAsync(postgres, alive, CancellationToken.None);

        var dry = await LeftoverSweep.RunAsync(postgres, isDryRun: true, CancellationToken.None);
        var swept = await LeftoverSweep.RunAsync(postgres, isDryRun: false, CancellationToken.None);

        Assert.Equal([SchemaName.ForShared(dead, 1)], dry.Dropped);
        Assert.Equal([SchemaName.ForShared(dead, 1)], swept.Dropped);
        Assert.Empty(swept.Failures);
        Assert.Equal($"public, si_12345678, si_1234567x_1, {SchemaName.ForShared(alive, 1)}, test_1".Split(", ").Order(StringComparer.Ordinal), (await given.ListSchemasAsync()).Split(", ").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_leftover_that_somebody_is_at_work_in_keeps_no_other()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        var (busy, idle) = (SchemaName.ForShared(SessionId.New(), 1), SchemaName.ForShared(SessionId.New(), 1));
        await given.AskAsync($"set role {given.Name}", $"create schema {busy}", $"create table {busy}.t (n int)", $"create schema {idle}");
        await using var worker = new NpgsqlConnection(server.Address.For(given.Name).ConnectionString);
        await worker.OpenAsync();
        await Psql.RunAsync(worker, "begin", $"select * from {busy}.t");
        await using var postgres = await PostgresServer.ConnectAsync(given.Address, given.Name, CancellationToken.None, isShared: true);

        var swept = await LeftoverSweep.RunAsync(postgres, isDryRun: false, CancellationToken.None);

        Assert.Equal([idle], swept.Dropped);
        Assert.Equal([busy], swept.Kept);
        Assert.Empty(swept.Failures);
    }

    [Fact]
    public async Task A_prepared_transaction_in_a_slot_goes_with_its_lease()
    {
        await using var given = await GivenDatabase.CreateAsync(preparing.Postgres.Address);
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(given.Configure(project));
        await using (var lease = await session.LeaseAsync())
            await Psql.RunAsync(lease.ConnectionString, "begin", "insert into packs (ref) values ('x')", "prepare transaction 'left'");

        var report = await session.EndAsync();

        Assert.Equal(0, report.Counts.Left);
        Assert.Equal("0", await given.AskAsync("select count(*) from pg_prepared_xacts"));
    }

    [Fact]
    public async Task What_works_in_a_slot_under_a_name_of_its_own_is_ended_with_the_lease()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(given.Configure(project));
        var lease = await session.LeaseAsync();
        await using var left = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(lease.ConnectionString) { ApplicationName = "mine" }.ConnectionString);
        await left.OpenAsync();
        await Psql.RunAsync(left, "begin", "lock table packs");

        await lease.DisposeAsync();

        await Eventually.TrueAsync(async () => !(await given.ListSchemasAsync()).Contains(lease.Name, StringComparison.Ordinal));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Psql.RunAsync(left, "select 1"));
    }

    [Fact]
    public async Task A_killed_keepers_schemas_are_swept_by_the_next_session()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        using var temporary = new ProjectDirectory();
        var options = given.Configure(project);
        await using var keeper = await KeeperProcess.StartAsync(project.Path, temporary.Path);
        var lease = await keeper.LeaseAsync();
        await keeper.KillAsync();
        Assert.Contains(lease.Name, await given.ListSchemasAsync(), StringComparison.Ordinal);

        await using var session = RunningSession.Start(options);
        await (await session.LeaseAsync()).DisposeAsync();
        await session.WaitForLogAsync("Swept");
        await session.EndAsync();

        Assert.Equal("public", await given.ListSchemasAsync());
    }

    [Fact]
    public async Task A_session_that_the_server_cut_off_goes_on()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(given.Configure(project));
        await using var before = await session.LeaseAsync();
        await given.AskAsync($"select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = '{given.Name}' and pid <> pg_backend_pid()");
        await session.WaitForLogAsync("it goes on");

        await using var after = await session.LeaseAsync();

        Assert.Equal("1", await Psql.RunAsync(after.ConnectionString, "select count(*) from packs"));
        Assert.Equal("1", await Psql.RunAsync(before.ConnectionString, "select count(*) from packs"));
        Assert.Equal(0, (await session.EndAsync()).Counts.Left);
    }

    [Fact]
    public async Task Sweep_rules_leave_slots_to_their_sessions()
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        using var sweeping = new ProjectDirectory();
        await using var session = RunningSession.Start(given.Configure(project));
        await using var lease = await session.LeaseAsync();
        await given.AskAsync("create schema si_own");
        sweeping.File("schemaisolation.json", $$"""{ "Server": "{{server.Address.For("postgres").ConnectionString}}", "Sweep": { "Database": "{{given.Name}}", "Schemas": "si_*", "AllowDatabase": "{{given.Name}}" } }""");

        await using var other = RunningSession.Start(Keeper.Configuration.OptionsReader.Read(sweeping.Path, configurationXml: null));
        await other.WaitUntilTestsMayStartAsync();
        await other.EndAsync();

        Assert.DoesNotContain("si_own", await given.ListSchemasAsync(), StringComparison.Ordinal);
        Assert.Equal("1", await Psql.RunAsync(lease.ConnectionString, "select count(*) from packs"));
    }

    [Theory]
    [InlineData("create table t (n int); insert into t values (7)", "7")]
    [InlineData(null, "")]
    public async Task A_schema_is_injected_where_a_database_would_be(string? migration, string rows)
    {
        await using var given = await GivenDatabase.CreateAsync(server);
        using var project = new ProjectDirectory();
        if (migration is not null)
            project.Migration("1.sql", migration);
        await using var session = RunningSession.Start(given.Configure(
            project, ("Inject:ConnectionString", "Default"), ("Inject:Variable:Name", "DATABASE_URL"), ("Inject:Variable:Format", "Url"), ("Inject:Libpq", "true")));
        await session.WaitUntilTestsMayStartAsync();
        var injected = session.Variable("ConnectionStrings__Default")!;
        var fromUrl = ServerAddress.Parse(session.Variable("DATABASE_URL")!).For(given.Name).ConnectionString;
        if (migration is null)
            await Psql.RunAsync(injected, "create table t (n int)");

        Assert.Equal(rows, await Psql.RunAsync(fromUrl, "select n from t"));
        var schema = await Psql.RunAsync(injected, "show search_path");
        Assert.Equal(session.Id, SchemaName.SessionOf(schema));
        Assert.Equal($"-c search_path={schema}", session.Variable("PGOPTIONS"));
        var report = await session.EndAsync();
        Assert.Equal($"{given.Name}.{schema}", report.Injected!.Database);
        Assert.Equal(0, report.Counts.Left);
        Assert.Equal("public", await given.ListSchemasAsync());
    }
}
