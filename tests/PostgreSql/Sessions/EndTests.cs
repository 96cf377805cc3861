using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

public sealed class EndTests(TestServer server)
{
    [Fact]
    public async Task Everything_is_counted_and_nothing_is_left()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server.Address, ("TemplateCopies", "4")));
        await using (await session.LeaseAsync(test: "first"))
        {
        }

        await using (await session.LeaseAsync(LeaseKind.Database, test: "second"))
        {
        }

        await using (await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty, "third"))
        {
        }

        await using (await session.LeaseAsync(LeaseKind.Database, LeaseContent.NameOnly, "fourth"))
        {
        }

        var report = await session.EndAsync();

        Assert.Equal(new ReportedCounts(Leases: 4, Made: 7, Dropped: 7, Left: 0), report.Counts);
        Assert.Equal(
            ["1 first schema Migrated True", "2 second database Migrated True", "3 third schema Empty True", "4 fourth database NameOnly True"],
            report.Leases.Select(lease => $"{lease.Number} {lease.Test} {lease.Kind} {lease.Content} {lease.IsReleased}"),
            StringComparer.Ordinal);
        Assert.Equal("", await ListAsync(session));
    }

    [Fact]
    public async Task The_report_names_session_server_and_templates()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server.Address);
        await using (var before = RunningSession.Start(options))
            await (await before.LeaseAsync()).DisposeAsync();
        var session = RunningSession.Start(options);
        await (await session.LeaseAsync()).DisposeAsync();
        await (await session.LeaseAsync(LeaseKind.Database)).DisposeAsync();

        var report = await session.EndAsync();

        Assert.Equal(session.Id.Text, report.Session);
        Assert.Equal(project.Path, report.Project);
        Assert.Equal(new ReportedServer(server.Address.Host, server.Postgres.Description.Version, IsEmbedded: false, IsDurable: false), report.Server);
        Assert.Equal(["schema reused", "database built"], report.Templates.Select(template => $"{template.Kind} {(template.IsReused ? "reused" : "built")}"), StringComparer.Ordinal);
        Assert.Contains(report.Log, entry => entry.Message.StartsWith($"Reused schema template \"default\" as {report.Templates[0].Name} (", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_report_is_written_as_json()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        await (await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty)).DisposeAsync();
        var report = await session.EndAsync();
        var file = Path.Combine(project.Path, SessionReport.FileName);

        await report.WriteAsync(file);

        using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(file));
        Assert.Equal("{\"leases\":1,\"made\":1,\"dropped\":1,\"left\":0}", json.RootElement.GetProperty("counts").GetRawText().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(session.Id.Text, json.RootElement.GetProperty("session").GetString());
    }

    [Fact]
    public async Task A_role_that_may_only_create_databases_is_enough()
    {
        await Psql.RunAsync(server.Address, "postgres", "create role modest login createdb");
        using var project = new ProjectDirectory().Migration("1.sql", "create extension citext; create table t (n citext)");
        var session = RunningSession.Start(project.Configure(ServerAddress.ForSocket(server.Address.Host, "modest")));
        await using var held = await session.LeaseAsync();
        await using var open = new NpgsqlConnection(held.ConnectionString);
        await open.OpenAsync();
        await Psql.RunAsync(open, "insert into t values ('a')");
        await (await session.LeaseAsync(LeaseKind.Database)).DisposeAsync();
        await (await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty)).DisposeAsync();
        await (await session.LeaseAsync()).DisposeAsync();

        var report = await session.EndAsync();

        Assert.Equal(4, report.Counts.Leases);
        Assert.Equal(report.Counts.Made, report.Counts.Dropped);
        Assert.Equal(0, report.Counts.Left);
        Assert.DoesNotContain(report.Log, entry => entry.Level == LogLevel.Error || entry.Message.StartsWith("SI3003", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Leases_that_are_held_are_cut_and_their_state_dropped()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server.Address));
        await using var schema = await session.LeaseAsync();
        await using var database = await session.LeaseAsync(LeaseKind.Database);
        await using var inSchema = new NpgsqlConnection(schema.ConnectionString);
        await inSchema.OpenAsync();
        await using var inDatabase = new NpgsqlConnection(database.ConnectionString);
        await inDatabase.OpenAsync();

        var report = await session.EndAsync();

        Assert.Equal("", await ListAsync(session));
        Assert.Equal(new ReportedCounts(Leases: 2, Made: 3, Dropped: 3, Left: 0), report.Counts);
        Assert.Equal([false, false], report.Leases.Select(lease => lease.IsReleased));
        Assert.StartsWith("SI2006: 2 leases ", Assert.Single(report.Log, entry => entry.Level == LogLevel.Warning).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(report.Log, entry => entry.Level == LogLevel.Error);
    }

    [Fact]
    public async Task A_lease_released_during_the_end_is_not_cut()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        var lease = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty);
        var ending = session.EndAsync();

        await lease.DisposeAsync();

        var report = await ending;
        Assert.True(Assert.Single(report.Leases).IsReleased);
        Assert.DoesNotContain(report.Log, entry => entry.Level != LogLevel.Information);
    }

    [Fact]
    public async Task An_end_right_after_the_start_leaves_nothing()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server.Address));

        var report = await session.EndAsync();

        Assert.Equal("", await ListAsync(session));
        Assert.Equal(0, report.Counts.Left);
        Assert.DoesNotContain(report.Log, entry => entry.Level != LogLevel.Information);
    }

    [Fact]
    public async Task An_end_while_the_template_is_built_leaves_nothing()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "select pg_sleep(600) as until_the_end");
        var session = RunningSession.Start(project.Configure(server.Address));
        var waiting = session.LeaseAsync();
        await Eventually.TrueAsync(async () => await Psql.RunAsync(server.Address, "postgres", "select 1 from pg_stat_activity where query = 'select pg_sleep(600) as until_the_end' and wait_event = 'PgSleep'") == "1");

        var report = await session.EndAsync();

        await Assert.ThrowsAsync<EndOfStreamException>(() => waiting);
        Assert.Equal(0, report.Counts.Left);
        Assert.Equal("", await ListAsync(session));
        Assert.Equal("", await Psql.RunAsync(server.Address, "postgres", "select pid from pg_stat_activity where query = 'select pg_sleep(600) as until_the_end'"));
    }

    [Fact]
    public async Task An_end_while_slots_are_made_leaves_nothing()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server.Address));
        await (await session.LeaseAsync()).DisposeAsync();
        var waiting = Enumerable.Range(0, 8).Select(_ => session.LeaseAsync(LeaseKind.Database)).ToList();

        var report = await session.EndAsync();

        await Task.WhenAll(waiting).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal("", await ListAsync(session));
        Assert.Equal(0, report.Counts.Left);
        Assert.DoesNotContain(report.Log, entry => entry.Level == LogLevel.Error);
    }

    [Fact]
    public async Task A_test_process_that_died_holds_nothing()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(server.Address));
        var lease = await session.LeaseAsync();
        lease.Die();

        var report = await session.EndAsync();

        Assert.False(Assert.Single(report.Leases).IsReleased);
        Assert.Equal("", await ListAsync(session));
        Assert.DoesNotContain(report.Log, entry => entry.Level != LogLevel.Information);
    }

    [Fact]
    public async Task The_place_of_a_test_process_that_died_is_free()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address, ("MaxSlots", "1")));
        var dead = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly);
        dead.Die();

        await using var next = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly);

        Assert.NotEqual(dead.Name, next.Name);
    }

    [Fact]
    public async Task A_database_that_a_test_made_under_its_reserved_name_goes_with_the_session()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        await using var lease = await session.LeaseAsync(LeaseKind.Database, LeaseContent.NameOnly);
        await Psql.RunAsync(server.Address, "postgres", $"create database {lease.Name}");

        await session.EndAsync();

        Assert.Equal("", await ListAsync(session));
    }

    [Fact]
    public async Task Nothing_is_leased_after_the_end()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        await session.EndAsync();

        await Assert.ThrowsAnyAsync<System.Net.Sockets.SocketException>(() => session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty));

        Assert.False(Directory.Exists(Path.GetDirectoryName(session.Endpoint)));
    }

    [Fact]
    public async Task The_session_s_lock_is_held_until_its_end()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        await using var lease = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly);
        await using var whileRunning = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session.Id, CancellationToken.None);

        await lease.DisposeAsync();
        await session.EndAsync();

        Assert.Null(whileRunning);
        await Eventually.TrueAsync(async () =>
        {
            await using var afterwards = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session.Id, CancellationToken.None);
            return afterwards is not null;
        });
    }

    [Fact]
    public async Task A_session_whose_directory_was_deleted_sweeps_all_the_same()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        await (await session.LeaseAsync(LeaseKind.Database, LeaseContent.Empty)).DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(session.Endpoint)!, recursive: true);

        var report = await session.EndAsync();

        Assert.Equal(0, report.Counts.Left);
        Assert.Equal("", await ListAsync(session));
    }

    [Fact]
    public async Task A_migration_changed_while_a_session_runs_is_the_next_session_s()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var options = project.Configure(server.Address, ("TemplateCopies", "1"));
        await using var running = RunningSession.Start(options);
        await using var before = await running.LeaseAsync();
        project.Migration("1.sql", "create table changed (n int)");
        await using var next = RunningSession.Start(options);

        await using var leasedByRunning = await running.LeaseAsync(LeaseKind.Database);
        await using var leasedByNext = await next.LeaseAsync(LeaseKind.Database);

        Assert.Equal("t", await Psql.RunAsync(leasedByRunning.ConnectionString, "select relname::text from pg_class where relnamespace = 'public'::regnamespace"));
        Assert.Equal("changed", await Psql.RunAsync(leasedByNext.ConnectionString, "select relname::text from pg_class where relnamespace = 'public'::regnamespace"));
    }

    private Task<string> ListAsync(RunningSession session)
        => Psql.RunAsync(server.Address, "postgres", $"select datname::text from pg_database where datname like '%{session.Id}%'");
}
