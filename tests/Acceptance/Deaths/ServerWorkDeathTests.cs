using Npgsql;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance.Deaths;

/// <summary>A run that is killed while its keeper waits for the server leaves nothing, once the server goes on.</summary>
public sealed class ServerWorkDeathTests(TestServer server, BuiltSuites suites) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_run_killed_while_migrations_run_leaves_nothing()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("migrations/0002_waits.sql", "select pg_sleep(600) as a_migration_that_takes_long;");
        await using var run = ProbeRun.Start(suite, server);
        await WaitForStatementAsync("select pg_sleep(600)%", "PgSleep");

        run.KillGroup();

        await run.Remains.MustVanishAsync("SIGKILL of the group while migrations run");
    }

    [Fact]
    public async Task A_run_killed_while_its_template_is_created_leaves_nothing()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("migrations/0002_other.sql", "create table not_built_before (id int);");
        await using var obstacle = await HoldDatabasesAsync();
        await using var run = ProbeRun.Start(suite, server);
        await WaitForStatementAsync("create database \"si\\_t\\_%", "relation");

        run.KillGroup();
        await obstacle.DisposeAsync();

        await run.Remains.MustVanishAsync("SIGKILL of the group while the template is created");
    }

    [Fact]
    public async Task A_run_killed_while_its_slots_are_cloned_leaves_nothing()
    {
        var suite = suites.Copy("Probe", server);
        (await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Reads")).MustSucceed();
        await using var obstacle = await HoldDatabasesAsync();
        await using var run = ProbeRun.Start(suite, server);
        await WaitForStatementAsync("create database \"si\\_d\\_%", "relation");

        run.KillGroup();
        await obstacle.DisposeAsync();

        await run.Remains.MustVanishAsync("SIGKILL of the group while slots are cloned");
    }

    [Fact]
    public async Task A_run_killed_while_its_session_is_swept_leaves_nothing()
    {
        await using var run = ProbeRun.Start(suites.Copy("Probe", server), server);
        await run.WaitUntilLeasedAsync();
        await using var obstacle = await HoldDatabasesAsync();
        run.LetGo();
        await WaitForStatementAsync("drop database%", "relation");

        run.KillGroup();
        await obstacle.DisposeAsync();

        await run.Remains.MustVanishAsync("SIGKILL of the group during the sweep");
    }

    /// <summary>While it is open no database comes or goes, and everything else goes on.</summary>
    private async Task<NpgsqlConnection> HoldDatabasesAsync()
    {
        var connection = new NpgsqlConnection(server.Address.For("postgres").ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await Psql.RunAsync(connection, "begin", "lock table pg_database in share mode");
        return connection;
    }

    private Task WaitForStatementAsync(string pattern, string waitEvent)
        => Eventually.TrueAsync(async () => await Psql.RunAsync(
            server.Address, "postgres", $"select 'waits' from pg_stat_activity where query like '{pattern}' and wait_event = '{waitEvent}' limit 1") == "waits");
}
