using Npgsql;

namespace SchemaIsolation.Bench.Arms;

/// <summary>A state whose connection string never comes again: the test has a data source of its own, and disposes it first.</summary>
internal sealed class OwnState(string connectionString, Func<ValueTask> endAsync) : ITestState
{
    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(connectionString);

    public async Task UseAsync(Func<NpgsqlConnection, Task> work, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await work(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await source.DisposeAsync();
        await endAsync();
    }
}
