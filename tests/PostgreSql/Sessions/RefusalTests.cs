using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

[Trait("Version", "Any")]
public sealed class RefusalTests(TestServer server)
{
    [Fact]
    public async Task A_session_without_server_refuses_every_lease_with_the_reason()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        await using var session = RunningSession.Start(project.Configure(ServerAddress.Parse("Host=127.0.0.1;Port=1;Username=u;Password=hidden")));

        var schema = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());
        var database = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(LeaseKind.Database, LeaseContent.Empty));

        Assert.Equal("SI1101", schema.Code);
        Assert.Equal(schema.Message, database.Message);
        Assert.DoesNotContain("hidden", schema.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_of_a_session_without_server_says_so_once_and_in_red()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(ServerAddress.Parse("Host=127.0.0.1;Port=1;Username=u")));
        await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        var report = await session.EndAsync();

        Assert.Null(report.Server);
        Assert.Equal(new ReportedCounts(Leases: 0, Made: 0, Dropped: 0, Left: 0), report.Counts);
        Assert.StartsWith("SI1101: ", Assert.Single(report.Log, entry => entry.Level == LogLevel.Error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_folder_that_is_missing_refuses_every_lease()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Migrations", "nowhere")));

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty));

        Assert.Equal("SI1201", exception.Code);
        Assert.Contains(Path.Combine(project.Path, "nowhere"), exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_migrations_nothing_migrated_is_leased()
    {
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address));

        var schema = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());
        var database = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(LeaseKind.Database));

        Assert.Equal("SI1209", schema.Code);
        Assert.Equal("SI1209", database.Code);
    }

    [Fact]
    public async Task Without_migrations_the_report_is_not_red()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        await using (await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty))
        {
        }

        var report = await session.EndAsync();

        Assert.DoesNotContain(report.Log, entry => entry.Level != LogLevel.Information);
        Assert.Equal(new ReportedCounts(Leases: 1, Made: 1, Dropped: 1, Left: 0), report.Counts);
    }

    [Fact]
    public async Task Migrations_that_fail_refuse_every_lease_with_the_place()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)").Migration("7.sql", "select 1;\nselect nope");
        await using var session = RunningSession.Start(project.Configure(server.Address));

        var schema = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());
        var database = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(LeaseKind.Database));

        Assert.Equal("SI1206", schema.Code);
        Assert.StartsWith("The migration \"7.sql\" failed at line 2, column 8 in \"select nope\".", schema.Reason, StringComparison.Ordinal);
        Assert.Equal(schema.Message, database.Message);
    }

    [Fact]
    public async Task Migrations_that_fail_make_the_report_red_and_leave_nothing()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "select nope");
        var session = RunningSession.Start(project.Configure(server.Address));
        await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        var report = await session.EndAsync();

        Assert.StartsWith("SI1206: ", Assert.Single(report.Log, entry => entry.Level == LogLevel.Error).Message, StringComparison.Ordinal);
        Assert.Equal("", await Psql.RunAsync(server.Address, "postgres", $"select datname::text from pg_database where datname like '%{session.Id}%'"));
    }

    [Fact]
    public async Task Migrations_that_hold_in_a_database_alone_refuse_schemas_and_lease_databases()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table public.t (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Isolation", "Schema")));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());
        await using var database = await session.LeaseAsync(LeaseKind.Database);

        Assert.Equal("SI1207", refusal.Code);
        Assert.Equal("0", await Psql.RunAsync(database.ConnectionString, "select count(*) from public.t"));
    }

    [Fact]
    public async Task Migrations_that_tie_schemas_together_refuse_schemas_and_lease_databases()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table if not exists public.t (n int)");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Isolation", "Schema")));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());
        await using var database = await session.LeaseAsync(LeaseKind.Database);
        await using var empty = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty);

        Assert.Equal("SI1208", refusal.Code);
        Assert.Equal("0", await Psql.RunAsync(database.ConnectionString, "select count(*) from public.t"));
    }

    [Fact]
    public async Task A_schema_replay_that_is_refused_leaves_the_report_green()
    {
        using var project = new ProjectDirectory().Migration("1.sql", "create table public.t (n int)");
        var session = RunningSession.Start(project.Configure(server.Address, ("Isolation", "Schema")));
        await using (await session.LeaseAsync(LeaseKind.Database))
        {
        }

        var report = await session.EndAsync();

        Assert.DoesNotContain(report.Log, entry => entry.Level != LogLevel.Information);
        Assert.Contains(report.Log, entry => entry.Message.StartsWith("IsolatedSchema is refused for template \"default\". SI1207: ", StringComparison.Ordinal));
        Assert.Equal("database", Assert.Single(report.Templates).Kind);
    }

    [Fact]
    public async Task A_server_without_connections_left_says_so()
    {
        using var project = new ProjectDirectory();
        await Psql.RunAsync(server.Address, "postgres", "create role lonely login createdb");
        await using var session = RunningSession.Start(project.Configure(ServerAddress.ForSocket(server.Address.Host, "lonely")));
        await using var first = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.NameOnly);
        await Psql.RunAsync(server.Address, "postgres", "alter role lonely connection limit 0");

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty));

        Assert.Equal("SI1109", exception.Code);
    }
}
