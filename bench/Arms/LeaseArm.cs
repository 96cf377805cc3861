using SchemaIsolation.Bench.Servers;
using SchemaIsolation.Bench.Sessions;
using SchemaIsolation.Bench.Suites;
using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Bench.Arms;

/// <summary>A leased schema for each test, from a session with a keeper of its own.</summary>
internal sealed class LeaseArm : IArm
{
    private readonly Reuse reuse;
    private readonly KeeperProcess keeper;

    private LeaseArm(Reuse reuse, KeeperProcess keeper)
    {
        this.reuse = reuse;
        this.keeper = keeper;
    }

    public string Name => NameOf(reuse);

    public TimeSpan Processor => keeper.Processor;

    public static string NameOf(Reuse reuse) => $"ours, {reuse}";

    public static async Task<LeaseArm> StartAsync(BenchServer server, Suite suite, Reuse reuse, CancellationToken cancellationToken)
        => new(reuse, await KeeperProcess.StartAsync(server, suite, reuse, cancellationToken));

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        // The sessions of several arms are alive at once; a test process has one.
        keeper.SetVariables();
        return Task.CompletedTask;
    }

    public async Task<ITestState> BeginAsync(int test, CancellationToken cancellationToken)
    {
        var lease = await IsolatedSchema.LeaseAsync(options: null, cancellationToken, $"Test_{test}", testFile: "Bench.cs");
        return reuse == Reuse.Warm
            ? new SharedState(lease.ConnectionString, lease.DisposeAsync)
            : new OwnState(lease.ConnectionString, lease.DisposeAsync);
    }

    /// <summary>Ends the session in order.</summary>
    public Task<EndedSession> EndAsync(CancellationToken cancellationToken) => keeper.EndAsync(cancellationToken);

    public ValueTask DisposeAsync() => keeper.DisposeAsync();
}
