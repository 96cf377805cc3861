using Npgsql;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Sessions;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

/// <summary>Roles as clouds give them to their customers, who are superusers nowhere.</summary>
public sealed class CloudRoleTests(PlainServer server) : IClassFixture<PlainServer>
{
    [Theory]
    [InlineData("plain", "create role plain login createdb", "Never")]
    [InlineData("plain_fenced", "create role plain_fenced login createdb", "Fenced")]
    [InlineData("plain_warm", "create role plain_warm login createdb", "Warm")]
    [InlineData("rds_master", "create role rds_superuser_1 createdb createrole; grant pg_signal_backend, pg_monitor to rds_superuser_1 with admin option; create role rds_master login createdb createrole; grant rds_superuser_1 to rds_master", "Fenced")]
    [InlineData("cloudsql_master", "create role cloudsqlsuperuser createdb createrole; grant pg_signal_backend, pg_monitor to cloudsqlsuperuser; create role cloudsql_master login createdb createrole; grant cloudsqlsuperuser to cloudsql_master", "Fenced")]
    [InlineData("azure_master", "create role azure_pg_admin createdb createrole; grant pg_signal_backend, pg_read_all_stats to azure_pg_admin; create role azure_master login createdb createrole; grant azure_pg_admin to azure_master", "Warm")]
    public async Task A_session_leases_resets_and_leaves_nothing(string role, string statements, string reuse)
    {
        await CreateAsync(statements);
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (id int generated always as identity, n int); create index on t (n)").Seed("1.sql", "insert into t (n) values (1)");
        await using var session = RunningSession.Start(project.Configure(server.As(role), ("Reuse", reuse)));

        for (var test = 0; test < 4; test++)
        {
            await using var schema = await session.LeaseAsync();
            await using var database = await session.LeaseAsync(LeaseKind.Database);
            Assert.Equal("1", await Psql.RunAsync(schema.ConnectionString, "insert into t (n) values (2), (3)", "delete from t where n = 1", "select min(id) - 1 from t"));
            await using var open = new NpgsqlConnection(database.ConnectionString); // As a suite's pools are, at the release.
            await open.OpenAsync();
            Assert.Equal("1", await Psql.RunAsync(open, "update t set n = 5", "select count(*) from t"));
        }

        var report = await session.EndAsync();
        Assert.Empty(report.Retired);
        await session.AssertEndsWithNothingLeftAsync(server.Superuser);
    }

    [Fact]
    public async Task What_a_dead_session_of_the_same_role_left_is_swept()
    {
        await CreateAsync("create role sweeper login createdb");
        await using var postgres = await PostgresServer.ConnectAsync(server.As("sweeper"), "postgres", CancellationToken.None);
        var left = DatabaseName.ForSlot(SessionId.New(), 1);
        await postgres.CreateDatabaseAsync(left, template: null, CancellationToken.None);

        var result = await LeftoverSweep.RunAsync(postgres, isDryRun: false, CancellationToken.None);

        Assert.Contains(result.Dropped, dropped => dropped.ToString() == left.ToString());
        Assert.Equal("0", await Psql.RunAsync(server.Superuser, "postgres", $"select count(*) from pg_database where datname = '{left}'"));
    }

    [Fact]
    public async Task What_a_dead_session_of_another_role_left_is_kept_and_said_to_be_anothers()
    {
        await CreateAsync("create role leaver login createdb; create role other_sweeper login createdb");
        await using var leaver = await PostgresServer.ConnectAsync(server.As("leaver"), "postgres", CancellationToken.None);
        var left = DatabaseName.ForSlot(SessionId.New(), 1);
        await leaver.CreateDatabaseAsync(left, template: null, CancellationToken.None);
        await using var sweeper = await PostgresServer.ConnectAsync(server.As("other_sweeper"), "postgres", CancellationToken.None);

        var result = await LeftoverSweep.RunAsync(sweeper, isDryRun: false, CancellationToken.None);

        Assert.Contains(result.Failures, failure => failure.Contains(left.ToString(), StringComparison.Ordinal) && failure.Contains("must be owner", StringComparison.Ordinal));
        await leaver.DropDatabaseAsync(left, CancellationToken.None);
    }

    private async Task CreateAsync(string statements)
    {
        foreach (var statement in statements.Split("; "))
            await Psql.RunAsync(server.Superuser, "postgres", statement);
    }
}
