using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sweeping;

public sealed class SessionSweepTests(TestServer server)
{
    [Fact]
    public async Task Everything_of_the_session_is_dropped_whoever_is_connected()
    {
        await using var session = await OwnSession.StartAsync(server);
        await server.Postgres.CreateDatabaseAsync(DatabaseName.ForSession(session.Id, 1), template: null, CancellationToken.None);
        await server.Postgres.CreateDatabaseAsync(DatabaseName.ForSlot(session.Id, 2), template: null, CancellationToken.None);
        await server.Postgres.CreateDatabaseAsync(DatabaseName.ForSlot(session.Id, 3), template: null, CancellationToken.None);
        await using var client = await server.Postgres.OpenUnpooledAsync($"si_d_{session.Id}_2", CancellationToken.None);
        await Psql.RunAsync(client, "begin", "create table t ()");

        var (left, failures) = await SessionSweep.RunAsync(server.Postgres, session.Id, CancellationToken.None);

        Assert.Empty(left);
        Assert.Empty(failures);
        Assert.Equal("", await session.ListAsync());
    }

    [Fact]
    public async Task A_database_that_a_test_made_under_a_reserved_name_is_dropped()
    {
        await using var session = await OwnSession.StartAsync(server);
        await Psql.RunAsync(server.Address, "postgres", $"create database si_d_{session.Id}_7");

        var (left, _) = await SessionSweep.RunAsync(server.Postgres, session.Id, CancellationToken.None);

        Assert.Empty(left);
        Assert.Equal("", await session.ListAsync());
    }

    [Fact]
    public async Task Nothing_of_another_session_is_dropped()
    {
        await using var session = await OwnSession.StartAsync(server);
        await using var other = await OwnSession.StartAsync(server);
        await server.Postgres.CreateDatabaseAsync(DatabaseName.ForSession(other.Id, 1), template: null, CancellationToken.None);

        await SessionSweep.RunAsync(server.Postgres, session.Id, CancellationToken.None);

        Assert.Equal("si_s_*_1", await other.ListAsync());
    }

    [Fact]
    public async Task What_cannot_be_dropped_is_counted_as_left_with_the_reason()
    {
        await using var session = await OwnSession.StartAsync(server);
        var stuck = DatabaseName.ForSession(session.Id, 1);
        await server.Postgres.CreateDatabaseAsync(stuck, template: null, CancellationToken.None);
        await server.Postgres.CreateDatabaseAsync(DatabaseName.ForSession(session.Id, 2), template: null, CancellationToken.None);
        await Psql.RunAsync(server.Address, "postgres", "create role sweeper login createdb");
        await using var sweeper = await PostgresServer.ConnectAsync(ServerAddress.ForSocket(server.Address.Host, "sweeper"), "postgres", CancellationToken.None);
        await Psql.RunAsync(server.Address, "postgres", $"alter database si_s_{session.Id}_2 owner to sweeper");

        var (left, failures) = await SessionSweep.RunAsync(sweeper, session.Id, CancellationToken.None);

        Assert.Equal([stuck], left);
        Assert.Equal($"{stuck}: must be owner of database {stuck}", Assert.Single(failures));
    }
}
