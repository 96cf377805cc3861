using SchemaIsolation.Bench.Servers;
using SchemaIsolation.Bench.Sessions;
using SchemaIsolation.Bench.Suites;

namespace SchemaIsolation.Bench.Arms;

/// <summary>The arms on one suite, all started, so that they can be run in turns.</summary>
internal sealed class ArmSet : IAsyncDisposable
{
    private readonly List<IArm> arms = [];

    public IReadOnlyList<IArm> Arms => arms;

    public static async Task<ArmSet> StartAsync(BenchServer server, Suite suite, CancellationToken cancellationToken)
    {
        var set = new ArmSet();
        try
        {
            set.arms.Add(new NoneArm(await SharedDatabase.CreateAsync(server, "bench_none", suite, cancellationToken)));
            set.arms.Add(new TransactionArm(await SharedDatabase.CreateAsync(server, "bench_transaction", suite, cancellationToken)));
            foreach (var reuse in Modes.All)
                set.arms.Add(await LeaseArm.StartAsync(server, suite, reuse, cancellationToken));
            set.arms.Add(await CloneArm.StartAsync(server, suite, cancellationToken));
            set.arms.Add(await MigrationsArm.StartAsync(server, suite, cancellationToken));
            set.arms.Add(EmptiedArm.ByTruncate(await SharedDatabase.CreateAsync(server, "bench_truncate", suite, cancellationToken)));
            set.arms.Add(EmptiedArm.ByDelete(
                await SharedDatabase.CreateAsync(server, "bench_delete", suite, cancellationToken), suite.Tables.Select(table => table.Name)));
            return set;
        }
        catch
        {
            await set.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var arm in Enumerable.Reverse(arms))
            await arm.DisposeAsync();
    }
}
