using Npgsql;

namespace SchemaIsolation.Testing;

/// <summary>A database of one test.</summary>
public sealed class TestDatabase(string name, string connectionString, Func<Task> dropAsync) : IAsyncDisposable
{
    public string Name => name;

    public string ConnectionString => connectionString;

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync() => await dropAsync();
}
