using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Servers;

/// <summary>A server of its own for some tests, started again after these statements.</summary>
public abstract class AlteredServer(params string[] statements) : IAsyncLifetime
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
            // One by one: neither may run in a transaction with others.
            foreach (var statement in statements)
                await Psql.RunAsync(before.Address, "postgres", statement);
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
        GC.SuppressFinalize(this);
    }
}
