using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Servers;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Resets;

/// <summary>A server that prepares transactions, which none does unless it is told to.</summary>
public sealed class PreparingServer : IAsyncLifetime
{
    private ServerRoot? root;
    private EmbeddedServer? server;
    private PostgresServer? postgres;

    internal PostgresServer Postgres => postgres!;

    public async ValueTask InitializeAsync()
    {
        root = await ServerRoot.CreateAsync();
        await using (var before = await root.StartAsync())
            await Psql.RunAsync(before.Address, "postgres", "alter system set max_prepared_transactions = 2");
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
