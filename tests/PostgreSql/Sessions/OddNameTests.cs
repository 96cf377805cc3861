using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>Names are data: what they hold is never read as SQL, as a path or as markup.</summary>
public sealed class OddNameTests(TestServer server)
{
    private const string Role = "we\"ird; drop role x --";

    // 63 bytes, of which the ü has two.
    private const string Maintenance = "main\"ten'ance; drop database \"postgres\" \\ -- ünd $$ {0} <&> 12";

    [Fact]
    public async Task A_role_and_a_maintenance_database_with_odd_names_serve_a_session()
    {
        Assert.Equal(63, System.Text.Encoding.UTF8.GetByteCount(Maintenance));
        await Psql.RunAsync(server.Address, "postgres", $"create role {Identifier.Quote(Role)} login createdb");
        await Psql.RunAsync(server.Address, "postgres", $"create database {Identifier.Quote(Maintenance)}");
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        var session = RunningSession.Start(project.Configure(ServerAddress.ForSocket(server.Address.Host, Role), ("MaintenanceDatabase", Maintenance)));
        await using (var lease = await session.LeaseAsync())
            Assert.Equal(Role, await Psql.RunAsync(lease.ConnectionString, "insert into t values (1)", "select current_user::text"));
        await using (var database = await session.LeaseAsync(LeaseKind.Database))
            Assert.Equal(Role, await Psql.RunAsync(database.ConnectionString, "select tableowner::text from pg_tables where tablename = 't'"));

        var report = await session.EndAsync();

        Assert.Equal(0, report.Counts.Left);
        Assert.DoesNotContain(report.Log, entry => entry.Level != LogLevel.Information);
        Assert.Equal("1", await Psql.RunAsync(server.Address, "postgres", "select 1"));
    }

    [Fact]
    public async Task An_odd_role_that_may_not_create_databases_is_named_as_sql_needs_it()
    {
        await Psql.RunAsync(server.Address, "postgres", "create role \"po\"\"or; --\" login");

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => PostgresServer.ConnectAsync(ServerAddress.ForSocket(server.Address.Host, "po\"or; --"), "postgres", CancellationToken.None));

        Assert.Equal("SI1103", exception.Code);
        Assert.Contains("Run \"alter role \"po\"\"or; --\" createdb\"", exception.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("it's a; folder -- \"x\"")]
    [InlineData("back\\slash $$ {0} %s")]
    [InlineData("日本語 größe 😀")]
    [InlineData("new\nline\ttab")]
    [InlineData("-leading dash * ? [a] ~")]
    public async Task Migrations_and_seeds_in_odd_folders_run(string folder)
    {
        using var project = new ProjectDirectory();
        var path = Path.Combine(project.Path, folder);
        Directory.CreateDirectory(path);
        await File.WriteAllTextAsync(Path.Combine(path, "1_it's \"x\"; \\ größe.sql"), $"create table t (n int) -- {project.Path}");
        await File.WriteAllTextAsync(Path.Combine(path, "2_$$ {0} -- 😀.sql"), "insert into t values (7)");
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Migrations:0", folder)));

        await using var lease = await session.LeaseAsync();

        Assert.Equal("7", await Psql.RunAsync(lease.ConnectionString, "select n from t"));
    }

    [Fact]
    public async Task A_failing_migration_with_an_odd_name_is_named_by_it()
    {
        using var project = new ProjectDirectory().Migration("1_it's \"x\"; \\ größe {0}.sql", "select nope");
        await using var session = RunningSession.Start(project.Configure(server.Address));

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Contains("\"1_it's \"x\"; \\ größe {0}.sql\" failed at line 1", exception.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("it's \"x\"; drop table t; -- \\ ' $$", "it's \"x\"; drop table t; -- \\ ' $$")]
    [InlineData("Search Path=public;Password=x", "Search Path=public;Password=x")]
    [InlineData("new\nline\r\t\u0001nul\0", "new?line???nul?")]
    [InlineData("日本語 😀", "??? ??")]
    public async Task A_test_with_an_odd_name_is_listed_by_it_and_its_connections_are_ended(string test, string shown)
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        var lease = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty, test);
        var open = new NpgsqlConnection(lease.ConnectionString);
        await open.OpenAsync();
        Assert.Equal($"si 1 {shown}|{lease.Name}", await Psql.RunAsync(open, "select current_setting('application_name'), current_schema()::text"));
        await Psql.RunAsync(open, "begin");
        await lease.DisposeAsync();
        await Eventually.TrueAsync(async () => (await server.Postgres.ListConnectionsAsync([lease.Database], CancellationToken.None)).All(open => !open.Application.StartsWith("si 1 ", StringComparison.Ordinal)));

        var report = await session.EndAsync();

        Assert.Equal(test, report.Leases[0].Test);
        Assert.Contains($"\"{test}\"", Assert.Single(report.Log, entry => entry.Level == LogLevel.Warning).Message, StringComparison.Ordinal);
        await report.WriteAsync(Path.Combine(project.Path, SessionReport.FileName));
        using var json = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(project.Path, SessionReport.FileName)));
        Assert.Equal(test, json.RootElement.GetProperty("leases")[0].GetProperty("test").GetString());
    }

    [Fact]
    public async Task A_test_whose_name_has_10000_characters_is_listed_by_the_first_500()
    {
        using var project = new ProjectDirectory();
        var session = RunningSession.Start(project.Configure(server.Address));
        var lease = await session.LeaseAsync(LeaseKind.Schema, LeaseContent.Empty, new string('ü', 10_000));
        Assert.Equal("si 1 " + new string('?', 58), await Psql.RunAsync(lease.ConnectionString, "show application_name"));
        await lease.DisposeAsync();

        var report = await session.EndAsync();

        Assert.Equal(new string('ü', 500), report.Leases[0].Test);
    }
}
