using SchemaIsolation.Bench.Arms;
using SchemaIsolation.Bench.Bodies;
using SchemaIsolation.Bench.Servers;
using SchemaIsolation.Bench.Sessions;
using SchemaIsolation.Bench.Suites;

namespace SchemaIsolation.Bench.Runs;

/// <summary>The same with more and more tests, each time in a new session.</summary>
/// <param name="server">The server.</param>
/// <param name="suite">The tables.</param>
/// <param name="workers">How many tests run at once.</param>
/// <param name="mostClones">The most tests that are also run with a database for each.</param>
internal sealed class GrowthRuns(BenchServer server, Suite suite, int workers, int mostClones)
{
    // Few tests are over soon: they are repeated until as many have run.
    private const int TestsToRun = 1000;
    private const int MostRounds = 3;

    public async Task<IReadOnlyList<GrowthFigures>> RunAsync(int tests, CancellationToken cancellationToken)
    {
        var scenario = new Scenario(suite, IsDurable: false, BodyKind.Light, workers, tests, Math.Clamp(TestsToRun / tests, 1, MostRounds));
        await using var none = new NoneArm(await SharedDatabase.CreateAsync(server, "bench_none", suite, cancellationToken));
        await using var clone = tests <= mostClones ? await CloneArm.StartAsync(server, suite, cancellationToken) : null;
        var floor = new List<RunFigures>();
        var cloned = new List<RunFigures>();
        var leased = Modes.All.ToDictionary(reuse => reuse, _ => (Runs: new List<RunFigures>(), Ends: new List<EndedSession>()));
        for (var round = 0; round < scenario.Rounds; round++)
        {
            floor.Add(await RunAsync(none, scenario, cancellationToken));
            foreach (var (reuse, (runs, ends)) in leased)
            {
                await using var arm = await LeaseArm.StartAsync(server, suite, reuse, cancellationToken);
                runs.Add(await RunAsync(arm, scenario, cancellationToken));
                ends.Add(await arm.EndAsync(cancellationToken));
            }

            if (clone is not null)
                cloned.Add(await RunAsync(clone, scenario, cancellationToken));
        }

        var figures = leased.Select(pair => new GrowthFigures(
            tests,
            ArmFigures.Compare(LeaseArm.NameOf(pair.Key), pair.Value.Runs, floor),
            Quantiles.MedianOf(pair.Value.Ends.Select(end => end.SweepMilliseconds)),
            pair.Value.Ends.Sum(end => end.Left)));
        return clone is null ? [.. figures] : [.. figures, new GrowthFigures(tests, ArmFigures.Compare(clone.Name, cloned, floor), Sweep: null, Left: 0)];
    }

    private Task<RunFigures> RunAsync(IArm arm, Scenario scenario, CancellationToken cancellationToken)
        => new ArmRun(server, arm, workers).RunAsync(scenario, cancellationToken);
}
