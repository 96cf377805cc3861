using SchemaIsolation.Bench.Runs;

namespace SchemaIsolation.Bench.Sessions;

/// <param name="Way">How <c>dotnet test</c> was run.</param>
/// <param name="Whole">Milliseconds from the command's start to its end, median of the rounds.</param>
/// <param name="ToEmptyCollector">As a multiple of the time with a collector that does nothing, in the same rounds.</param>
/// <param name="Processor">Milliseconds of processor time of its processes, the keeper apart; null where the system does not tell.</param>
internal sealed record SessionCost(string Way, double Whole, double ToEmptyCollector, double? Processor)
{
    public static async Task<IReadOnlyList<SessionCost>> MeasureAsync(DotnetTest test, int rounds, CancellationToken cancellationToken)
    {
        var times = DotnetTest.Ways.ToDictionary(way => way.Name, _ => new List<DotnetTestTime>(), StringComparer.Ordinal);

        // Once unmeasured: the template is built, and files are in memory.
        foreach (var (_, arguments) in DotnetTest.Ways)
            await test.RunAsync(arguments, cancellationToken);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var (name, arguments) in DotnetTest.Ways)
                times[name].Add(await test.RunAsync(arguments, cancellationToken));
        }

        var empty = times[DotnetTest.WithEmptyCollector];
        return [.. DotnetTest.Ways.Select(way => Compare(way.Name, times[way.Name], empty))];
    }

    private static SessionCost Compare(string way, List<DotnetTestTime> times, List<DotnetTestTime> empty) => new(
        way,
        Quantiles.MedianOf(times.Select(time => time.Whole)),
        Quantiles.MedianOf(times.Zip(empty, (time, floor) => time.Whole / floor.Whole)),
        times[0].Processor is null ? null : Quantiles.MedianOf(times.Select(time => time.Processor!.Value)));
}
