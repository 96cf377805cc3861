using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Servers;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Postgres;

/// <summary>A server that asks everybody but its superuser for a password. The role "alice" may create databases, and "banned" may not connect.</summary>
public sealed class PasswordServer : IAsyncLifetime
{
    private ServerRoot? root;
    private EmbeddedServer? server;

    public string Directory => server!.Address.Host;

    public async ValueTask InitializeAsync()
    {
        root = await ServerRoot.CreateAsync();
        await using (var open = await root.StartAsync())
        {
            await Psql.RunAsync(
                open.Address,
                "postgres",
                "create role alice login createdb password 'correct horse'",
                "create role banned login createdb");
        }

        await File.WriteAllTextAsync(
            Path.Combine(root.Cluster, "data", "pg_hba.conf"),
            """
            local all postgres trust
            local all banned reject
            local all all scram-sha-256

            """);
        server = await root.StartAsync();
    }

    internal ServerAddress As(string username, string? password = null)
        => ServerAddress.Parse($"Host={Directory};Username={username}" + (password is null ? "" : $";Password={password}"));

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        root?.Dispose();
    }
}
