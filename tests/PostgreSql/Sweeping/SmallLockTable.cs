using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Servers;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sweeping;

/// <summary>A server whose lock table is as small as PostgreSQL lets it be: room for some hundred locks.</summary>
public sealed class SmallLockTable : IAsyncLifetime
{
    private ServerRoot? root;
    private EmbeddedServer? server;
    private PostgresServer? postgres;

    internal PostgresServer Postgres => postgres!;

    public async ValueTask InitializeAsync()
    {
        root = await ServerRoot.CreateAsync();
        await using (var before = await root.StartAsync())
        {
            await Psql.RunAsync(before.Address, "postgres", "alter system set max_connections = 20");
            await Psql.RunAsync(before.Address, "postgres", "alter system set max_locks_per_transaction = 10");
            await Psql.RunAsync(before.Address, "postgres", "create database app_test");
        }

        server = await root.StartAsync();
        postgres = await PostgresServer.ConnectAsync(server.Address, "postgres", CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null)
            await postgres.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
        root?.Dispose();
    }
}
