namespace SchemaIsolation.Bench.Arms;

/// <summary>No isolation: the floor.</summary>
internal sealed class NoneArm(SharedDatabase database) : IArm
{
    public const string ArmName = "none";

    public string Name => ArmName;

    // Rows of former runs would make this one slower.
    public Task PrepareAsync(CancellationToken cancellationToken) => database.ExecuteAsync(database.Truncate, cancellationToken);

    public Task<ITestState> BeginAsync(int test, CancellationToken cancellationToken)
        => Task.FromResult<ITestState>(new SharedState(database.ConnectionString, () => ValueTask.CompletedTask));

    public ValueTask DisposeAsync() => database.DisposeAsync();
}
