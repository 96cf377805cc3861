using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sweeping;

/// <summary>A server of its own, where no session of another test sweeps first.</summary>
public sealed class SweptServer : IAsyncLifetime
{
    private readonly TestServer server = new();

    internal PostgresServer Postgres => server.Postgres;

    internal ServerAddress Address => server.Address;

    public ValueTask InitializeAsync() => server.InitializeAsync();

    /// <summary>A database of a session that holds no lock.</summary>
    internal async Task<DatabaseName> LeaveAsync(DatabaseName name)
    {
        await Postgres.CreateDatabaseAsync(name, template: null, CancellationToken.None);
        return name;
    }

    internal async Task<bool> HasAsync(string database)
        => await Psql.RunAsync(Address, "postgres", $"select 1 from pg_database where datname = '{database}'") == "1";

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
