using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sweeping;

/// <summary>On a server of their own, whose autovacuum is always at work: a configured server has one.</summary>
public sealed class AutovacuumTests(SweptServer server) : IClassFixture<SweptServer>
{
    [Fact]
    public async Task A_role_that_is_no_superuser_drops_a_database_that_is_being_vacuumed()
    {
        await Psql.RunAsync(server.Address, "postgres", "alter system set autovacuum = on");
        await Psql.RunAsync(server.Address, "postgres", "alter system set autovacuum_naptime = '1s'");
        await Psql.RunAsync(server.Address, "postgres", "alter system set autovacuum_vacuum_cost_delay = '100ms'");
        await Psql.RunAsync(server.Address, "postgres", "alter system set autovacuum_vacuum_cost_limit = 1");
        await Psql.RunAsync(server.Address, "postgres", "select pg_reload_conf()");
        await Psql.RunAsync(server.Address, "postgres", "create role modest login createdb");
        await using var modest = await PostgresServer.ConnectAsync(ServerAddress.ForSocket(server.Address.Host, "modest"), "postgres", CancellationToken.None);
        var database = DatabaseName.ForSlot(SessionId.New(), 1);
        await modest.CreateDatabaseAsync(database, template: null, CancellationToken.None);
        await Psql.RunAsync(modest.Address, database, "create table t as select n, repeat('x', 500) as x from generate_series(1, 50000) as n", "update t set n = n + 1");
        await Eventually.TrueAsync(async () => await Psql.RunAsync(server.Address, "postgres", $"select 1 from pg_stat_activity where datname = '{database}' and backend_type = 'autovacuum worker'") == "1");

        await modest.DropDatabaseAsync(database, CancellationToken.None);

        Assert.False(await server.HasAsync(database.ToString()));
    }
}
