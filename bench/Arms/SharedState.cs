using Npgsql;

namespace SchemaIsolation.Bench.Arms;

/// <summary>A state whose connection string comes again: its connections stay in Npgsql's pool.</summary>
internal sealed class SharedState(string connectionString, Func<ValueTask> endAsync) : ITestState
{
    public async Task UseAsync(Func<NpgsqlConnection, Task> work, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        await work(connection);
    }

    public ValueTask DisposeAsync() => endAsync();
}
