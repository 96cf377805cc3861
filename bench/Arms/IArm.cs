namespace SchemaIsolation.Bench.Arms;

/// <summary>A way of keeping tests apart.</summary>
internal interface IArm : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Whether it holds for one test at a time only.</summary>
    bool IsSerial => false;

    /// <summary>The processor time it has used outside the server and the process of the tests.</summary>
    TimeSpan Processor => TimeSpan.Zero;

    /// <summary>Makes ready for a run; not measured.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>What a test waits for at its start.</summary>
    Task<ITestState> BeginAsync(int test, CancellationToken cancellationToken);
}
