using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sweeping;

public sealed class LockTableTests(SmallLockTable server) : IClassFixture<SmallLockTable>
{
    [Fact]
    public async Task A_schema_with_more_objects_than_the_server_has_locks_is_dropped_all_the_same()
    {
        var database = server.Postgres.Address.For("app_test").ConnectionString;
        await Psql.RunAsync(database, "create schema test_large", "create schema test_small", "create table test_small.t (n int)");
        await using (var connection = await server.Postgres.OpenUnpooledAsync("app_test", CancellationToken.None))
        {
            for (var i = 1; i <= 200; i++)
                await Psql.RunAsync(connection, $"create table test_large.t{i} (id serial primary key, body text)");
        }

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Psql.RunAsync(database, "drop schema test_large cascade"));

        await Eventually.TrueAsync(HasLocksAsync);

        var result = await new SchemaSweep(server.Postgres, "app_test", SchemaPattern.Parse("test_*").Matches).RunAsync(CancellationToken.None);

        Assert.Equal(PostgresErrorCodes.OutOfMemory, refusal.SqlState);
        Assert.Empty(result.Kept);
        Assert.Equal(2, result.Dropped);
        Assert.Equal("", await Psql.RunAsync(database, "select nspname from pg_namespace where nspname like 'test%'"));
    }

    // The server tells of a failure before it lets go of the locks: until then it may have none to look at itself with.
    private async Task<bool> HasLocksAsync()
    {
        try
        {
            return await server.Postgres.IsQuietAsync("app_test", CancellationToken.None);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.OutOfMemory)
        {
            return false;
        }
    }
}
