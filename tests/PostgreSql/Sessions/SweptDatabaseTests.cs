using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

[Trait("Version", "Any")]
public sealed class SweptDatabaseTests(TestServer server)
{
    [Fact]
    public async Task Leftovers_are_gone_before_the_tests_start_and_what_these_make_when_the_session_has_ended()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var project = new ProjectDirectory();
        await Psql.RunAsync(database.ConnectionString, "create schema test_1", "create schema test_2");
        var session = RunningSession.Start(Configure(project, database.Name));

        await session.WaitUntilTestsMayStartAsync();
        var atStart = await ListAsync(database);
        await Psql.RunAsync(database.ConnectionString, "create schema test_3", "create table test_3.t (n int)");
        var report = await session.EndAsync();

        Assert.Equal("", atStart);
        Assert.Equal("", await ListAsync(database));
        Assert.Equal([$"{database.Name} start 2 0", $"{database.Name} end 1 0"], report.Sweeps.Select(Describe), StringComparer.Ordinal);
        Assert.DoesNotContain(report.Log, entry => entry.Level != LogLevel.Information);
    }

    [Fact]
    public async Task While_another_session_is_alive_nothing_is_swept_and_the_last_one_sweeps()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var project = new ProjectDirectory();
        var options = Configure(project, database.Name);
        var first = RunningSession.Start(options);
        await first.WaitUntilTestsMayStartAsync();
        await Psql.RunAsync(database.ConnectionString, "create schema test_live");

        var second = RunningSession.Start(options);
        await second.WaitUntilTestsMayStartAsync();
        var besideAtStart = await ListAsync(database);
        var firstReport = await first.EndAsync();
        var besideAtEnd = await ListAsync(database);
        var secondReport = await second.EndAsync();

        Assert.Equal("test_live", besideAtStart);
        Assert.Equal("test_live", besideAtEnd);
        Assert.Equal("", await ListAsync(database));
        Assert.Equal([$"{database.Name} start 0 0"], firstReport.Sweeps.Select(Describe), StringComparer.Ordinal);
        Assert.Equal([$"{database.Name} end 1 0"], secondReport.Sweeps.Select(Describe), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Of_sessions_that_start_at_once_one_sweeps_and_the_others_wait_for_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var project = new ProjectDirectory();
        for (var i = 0; i < 20; i++)
            await Psql.RunAsync(database.ConnectionString, $"create schema test_{i}", $"create table test_{i}.t (n serial primary key)");
        var options = Configure(project, database.Name);
        RunningSession[] sessions = [RunningSession.Start(options), RunningSession.Start(options), RunningSession.Start(options)];

        var lists = await Task.WhenAll(sessions.Select(async session =>
        {
            await session.WaitUntilTestsMayStartAsync();
            return await ListAsync(database);
        }));
        var reports = await Task.WhenAll(sessions.Select(session => session.EndAsync()));

        Assert.Equal(["", "", ""], lists);
        Assert.Equal(20, Assert.Single(reports.SelectMany(report => report.Sweeps), sweep => sweep is { When: "start", Dropped: > 0 }).Dropped);
    }

    [Fact]
    public async Task Sessions_that_end_at_once_leave_nothing()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var project = new ProjectDirectory();
        var options = Configure(project, database.Name);
        RunningSession[] sessions = [RunningSession.Start(options), RunningSession.Start(options), RunningSession.Start(options)];
        await Task.WhenAll(sessions.Select(session => session.WaitUntilTestsMayStartAsync()));
        await Psql.RunAsync(database.ConnectionString, "create schema test_1", "create schema test_2");

        await Task.WhenAll(sessions.Select(session => session.EndAsync()));

        Assert.Equal("", await ListAsync(database));
    }

    [Fact]
    public async Task A_session_waits_while_another_one_sweeps_and_goes_on_when_that_one_dies_over_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var project = new ProjectDirectory();
        await Psql.RunAsync(database.ConnectionString, "create schema test_1");
        var sweeper = await SweepLock.OpenAsync(server.Postgres, database.Name, CancellationToken.None);
        await sweeper.EnterGateAsync(CancellationToken.None);
        await sweeper.TryTakeAloneAsync(CancellationToken.None);
        await using var session = RunningSession.Start(Configure(project, database.Name));
        var swept = session.WaitUntilTestsMayStartAsync();
        await Eventually.TrueAsync(async () => await Psql.RunAsync(
            server.Address, "postgres", $"select 1 from pg_locks where classid = {0x53494731} and objid = {SweepLock.KeyOf(database.Name)} and not granted") == "1");

        var isSweptTooEarly = swept.IsCompleted;
        await sweeper.DisposeAsync();
        await swept;

        Assert.False(isSweptTooEarly);
        Assert.Equal("", await ListAsync(database));
    }

    [Fact]
    public async Task A_session_that_the_server_has_cut_off_keeps_its_schemas_from_one_that_starts_meanwhile()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var project = new ProjectDirectory();
        var options = Configure(project, database.Name);
        await using var live = RunningSession.Start(options);
        await live.WaitUntilTestsMayStartAsync();
        await Psql.RunAsync(database.ConnectionString, "create schema test_live");

        var cut = await Psql.RunAsync(
            server.Address, "postgres", $"select count(pg_terminate_backend(pid)) from pg_locks where classid = {0x53495531} and objid = {SweepLock.KeyOf(database.Name)}");
        await using var other = RunningSession.Start(options);
        await other.WaitUntilTestsMayStartAsync();
        await live.WaitForLogAsync("had cut off what says that the session is alive");

        Assert.Equal("1", cut);
        Assert.Equal("test_live", await ListAsync(database));
        Assert.Empty((await other.EndAsync()).Sweeps);
        Assert.Equal("test_live", await ListAsync(database));
        await live.EndAsync();
        Assert.Equal("", await ListAsync(database));
    }

    [Fact]
    public async Task Tests_that_outlive_whoever_started_them_are_waited_for_before_the_end_is_swept()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(Configure(project, database.Name));
        await session.WaitUntilTestsMayStartAsync();
        await using var orphan = await database.OpenAsync();
        await Psql.RunAsync(orphan, "begin");

        var ending = session.EndAsync(isOrphaned: true);
        await Psql.RunAsync(orphan, "create schema test_late", "commit");
        await ending;

        Assert.Equal("", await ListAsync(database));
    }

    [Fact]
    public async Task Tests_that_never_end_are_not_waited_for_without_limit()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(Configure(project, database.Name));
        await session.WaitUntilTestsMayStartAsync();
        await Psql.RunAsync(database.ConnectionString, "create schema test_1");
        await using var orphan = await database.OpenAsync();
        await Psql.RunAsync(orphan, "begin", "select 1");

        await session.EndAsync(isOrphaned: true);

        Assert.Equal("", await ListAsync(database));
    }

    [Fact]
    public async Task Several_rules_for_one_database_are_one_sweep()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var project = new ProjectDirectory();
        await Psql.RunAsync(database.ConnectionString, "create schema test_1", "create schema it_1", "create schema it_22");
        await using var session = RunningSession.Start(project.Configure(
            server.Address,
            ("Sweep:0:Database", database.Name), ("Sweep:0:Schemas", "test_*"), ("Sweep:1:Database", database.Name), ("Sweep:1:Schemas", "it_?")));

        await session.WaitUntilTestsMayStartAsync();

        Assert.Equal("it_22", await ListAsync(database));
    }

    [Fact]
    public async Task What_is_kept_is_a_warning_and_its_reason_is_in_the_report()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var project = new ProjectDirectory();
        await Psql.RunAsync(database.ConnectionString, "create schema test_1", "create table test_1.t (n int)", "create view public.v as select * from test_1.t");
        var session = RunningSession.Start(Configure(project, database.Name));

        await session.WaitUntilTestsMayStartAsync();
        var report = await session.EndAsync();

        Assert.Equal("test_1", Assert.Single(report.Sweeps[0].Kept).Name);
        Assert.Equal(
            $"SI3008: 1 schemas in database \"{database.Name}\" match a Sweep rule and were kept: \"test_1\". Each one's reason is in the report; the first one's: it would take what is not its own with it: view public.v.",
            report.Log.First(entry => entry.Level == LogLevel.Warning).Message);
        Assert.Equal("0", await Psql.RunAsync(database.ConnectionString, "select count(*) from public.v"));
    }

    [Fact]
    public async Task A_database_that_nothing_marks_as_one_of_tests_refuses_the_session_and_nothing_is_swept()
    {
        await using var marked = await server.CreateDatabaseAsync();
        await using var unmarked = await CreateUnmarkedAsync("shop");
        using var project = new ProjectDirectory();
        await Psql.RunAsync(marked.ConnectionString, "create schema test_1");
        await Psql.RunAsync(unmarked.ConnectionString, "create schema test_1");
        var session = RunningSession.Start(project.Configure(
            server.Address,
            ("Sweep:0:Database", marked.Name), ("Sweep:0:Schemas", "test_*"), ("Sweep:1:Database", "shop"), ("Sweep:1:Schemas", "test_*")));

        await session.WaitUntilTestsMayStartAsync();
        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty));
        var report = await session.EndAsync();

        Assert.Equal("SI3006", refusal.Code);
        Assert.Contains("\"shop\"", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal(refusal.Message, Assert.Single(report.Log, entry => entry.Level == LogLevel.Error).Message);
        Assert.Empty(report.Sweeps);
        Assert.Equal("test_1", await ListAsync(marked));
        Assert.Equal("test_1", await ListAsync(unmarked));
    }

    [Fact]
    public async Task A_database_marked_by_its_comment_is_swept()
    {
        await using var database = await CreateUnmarkedAsync("shop_marked");
        using var project = new ProjectDirectory();
        await Psql.RunAsync(database.ConnectionString, "create schema test_1", "comment on database shop_marked is 'schema-isolation: test'");
        await using var session = RunningSession.Start(Configure(project, database.Name));

        await session.WaitUntilTestsMayStartAsync();

        Assert.Equal("", await ListAsync(database));
    }

    [Fact]
    public async Task A_database_that_the_rule_allows_is_swept()
    {
        await using var database = await CreateUnmarkedAsync("shop_allowed");
        using var project = new ProjectDirectory();
        await Psql.RunAsync(database.ConnectionString, "create schema test_1");
        await using var session = RunningSession.Start(project.Configure(
            server.Address, ("Sweep:Database", database.Name), ("Sweep:Schemas", "test_*"), ("Sweep:AllowDatabase", database.Name)));

        await session.WaitUntilTestsMayStartAsync();

        Assert.Equal("", await ListAsync(database));
    }

    [Fact]
    public async Task A_database_that_does_not_exist_refuses_the_session()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(Configure(project, "no_such_test"));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI3007", refusal.Code);
        Assert.Contains("\"no_such_test\"", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_the_suite_drops_is_no_failure()
    {
        var database = await server.CreateDatabaseAsync();
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(Configure(project, database.Name));
        await session.WaitUntilTestsMayStartAsync();
        await database.DisposeAsync();

        var report = await session.EndAsync();

        Assert.DoesNotContain(report.Log, entry => entry.Level != LogLevel.Information);
    }

    [Fact]
    public async Task The_end_is_swept_although_no_lease_could_be_had()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var project = new ProjectDirectory().Migration("1.sql", "select 1 / 0");
        var session = RunningSession.Start(Configure(project, database.Name));
        await session.WaitUntilTestsMayStartAsync();
        await Psql.RunAsync(database.ConnectionString, "create schema test_1");
        await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        await session.EndAsync();

        Assert.Equal("", await ListAsync(database));
    }

    [Fact]
    public async Task A_session_sweeps_and_leases()
    {
        await using var database = await server.CreateDatabaseAsync();
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await Psql.RunAsync(database.ConnectionString, "create schema test_1");
        var session = RunningSession.Start(Configure(project, database.Name));
        await (await session.LeaseAsync()).DisposeAsync();

        var report = await session.EndAsync();

        Assert.Equal(1, report.Counts.Leases);
        Assert.Equal([$"{database.Name} start 1 0", $"{database.Name} end 0 0"], report.Sweeps.Select(Describe), StringComparer.Ordinal);
    }

    private Options Configure(ProjectDirectory project, string database)
        => project.Configure(server.Address, ("Sweep:Database", database), ("Sweep:Schemas", "test_*"));

    private async Task<TestDatabase> CreateUnmarkedAsync(string name)
    {
        await server.Postgres.ExecuteAsync($"create database {name} template template0", CancellationToken.None);
        return new TestDatabase(name, server.Address.For(name).ConnectionString, () => server.Postgres.ExecuteAsync($"drop database {name} with (force)", CancellationToken.None));
    }

    private static string Describe(ReportedSweep sweep) => $"{sweep.Database} {sweep.When} {sweep.Dropped} {sweep.Kept.Count}";

    private static Task<string> ListAsync(TestDatabase database)
        => Psql.RunAsync(database.ConnectionString, "select nspname::text from pg_namespace where nspname ~ '^(test|it)_' order by 1");
}
