namespace SchemaIsolation.Bench.Arms;

/// <summary>Each test in a transaction that is rolled back.</summary>
internal sealed class TransactionArm(SharedDatabase database) : IArm
{
    public string Name => "transaction";

    // What was rolled back still takes room.
    public Task PrepareAsync(CancellationToken cancellationToken) => database.ExecuteAsync(database.Truncate, cancellationToken);

    public async Task<ITestState> BeginAsync(int test, CancellationToken cancellationToken)
        => await TransactionState.BeginAsync(database.ConnectionString, cancellationToken);

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
