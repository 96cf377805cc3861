namespace SchemaIsolation.Bench.Runs;

/// <summary>What an arm took in a scenario, over all rounds. Times are in milliseconds.</summary>
/// <param name="Arm">Its name.</param>
/// <param name="Whole">Of all tests of a round; the median of the rounds.</param>
/// <param name="ToNone">Whole time as a multiple of the time without isolation, in the same rounds.</param>
/// <param name="MeanOverhead">The difference of the two whole times, by test: with all that goes on beside the tests.</param>
/// <param name="Overhead">How much longer a test took than the same test without isolation.</param>
/// <param name="Lease">How long a test waited for its state.</param>
/// <param name="After">From the last test's end until the server was quiet.</param>
/// <param name="Connections">Opened to the server, by test.</param>
/// <param name="ServerProcessor">Of the server, by test; null where the system does not tell.</param>
/// <param name="KeeperProcessor">Of the keeper, by test.</param>
internal sealed record ArmFigures(
    string Arm,
    double Whole,
    double ToNone,
    double MeanOverhead,
    Quantiles Overhead,
    Quantiles Lease,
    double After,
    double Connections,
    double? ServerProcessor,
    double KeeperProcessor)
{
    public double TestsPerSecond(int tests) => tests * 1000 / Whole;

    /// <param name="arm">Its name.</param>
    /// <param name="runs">Its rounds.</param>
    /// <param name="floor">The same rounds without isolation.</param>
    public static ArmFigures Compare(string arm, IReadOnlyList<RunFigures> runs, IReadOnlyList<RunFigures> floor)
    {
        var tests = runs[0].Tests.Count;
        var pairs = runs.Zip(floor).ToList();
        return new ArmFigures(
            arm,
            Quantiles.MedianOf(runs.Select(run => run.Whole.TotalMilliseconds)),
            Quantiles.MedianOf(pairs.Select(pair => pair.First.Whole / pair.Second.Whole)),
            Quantiles.MedianOf(pairs.Select(pair => (pair.First.Whole - pair.Second.Whole).TotalMilliseconds / tests)),
            Quantiles.Of(pairs.SelectMany(pair => pair.First.Tests.Zip(pair.Second.Tests, (with, without) => with.Whole - without.Whole))),
            Quantiles.Of(runs.SelectMany(run => run.Tests).Select(test => test.Begin)),
            Quantiles.MedianOf(runs.Select(run => run.After.TotalMilliseconds)),
            Quantiles.MedianOf(runs.Select(run => (double)run.Connections / tests)),
            runs[0].ServerProcessor is null ? null : Quantiles.MedianOf(runs.Select(run => run.ServerProcessor!.Value.TotalMilliseconds / tests)),
            Quantiles.MedianOf(runs.Select(run => run.KeeperProcessor.TotalMilliseconds / tests)));
    }
}
