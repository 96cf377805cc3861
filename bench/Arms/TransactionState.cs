using Npgsql;

namespace SchemaIsolation.Bench.Arms;

/// <summary>One connection in a transaction that is rolled back: the code under test gets no other.</summary>
internal sealed class TransactionState : ITestState
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private TransactionState(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        this.connection = connection;
        this.transaction = transaction;
    }

    public static async Task<TransactionState> BeginAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        return new TransactionState(connection, await connection.BeginTransactionAsync(cancellationToken));
    }

    public Task UseAsync(Func<NpgsqlConnection, Task> work, CancellationToken cancellationToken) => work(connection);

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
