using Npgsql;
using SchemaIsolation.Bench.Servers;
using SchemaIsolation.Bench.Suites;

namespace SchemaIsolation.Bench.Arms;

/// <summary>A migrated database that all tests of an arm share.</summary>
internal sealed class SharedDatabase : IAsyncDisposable
{
    private readonly BenchServer server;
    private readonly string name;

    private SharedDatabase(BenchServer server, string name, Suite suite)
    {
        this.server = server;
        this.name = name;
        ConnectionString = server.ConnectionString(name);
        Truncate = $"truncate {string.Join(", ", suite.Tables.Select(table => table.Name))} restart identity";
    }

    public string ConnectionString { get; }

    /// <summary>Empties all tables with one statement.</summary>
    public string Truncate { get; }

    public static async Task<SharedDatabase> CreateAsync(BenchServer server, string name, Suite suite, CancellationToken cancellationToken)
    {
        await server.ExecuteAsync("postgres", $"create database {name} template template0", cancellationToken);
        await server.ExecuteAsync(name, await suite.ReadMigrationsAsync(cancellationToken), cancellationToken);
        return new SharedDatabase(server, name, suite);
    }

    /// <summary>Runs SQL on a pooled connection.</summary>
    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await using (var connection = new NpgsqlConnection(ConnectionString))
            NpgsqlConnection.ClearPool(connection);
        await server.ExecuteAsync("postgres", $"drop database {name} with (force)", CancellationToken.None);
    }
}
