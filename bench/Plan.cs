using SchemaIsolation.Bench.Bodies;
using SchemaIsolation.Bench.Runs;
using SchemaIsolation.Bench.Suites;

namespace SchemaIsolation.Bench;

/// <summary>What is measured, and how often.</summary>
/// <param name="Scenarios">In the order in which they are run.</param>
/// <param name="GrowthTests">Numbers of tests of a session.</param>
/// <param name="MostClones">The most tests that are also run with a database for each.</param>
/// <param name="SessionRounds">How often each way of running <c>dotnet test</c> is timed.</param>
internal sealed record Plan(IReadOnlyList<Scenario> Scenarios, IReadOnlyList<int> GrowthTests, int MostClones, int SessionRounds)
{
    public const int ParallelWorkers = 8;

    // Without the usual one: what the tests do beside is the same in all arms.
    private static readonly BodyKind[] ShorterBodies = [BodyKind.Reads, BodyKind.Light, BodyKind.WritesAll];

    /// <summary>All there is.</summary>
    public static Plan Full(Suite workflow, Suite hundred, Suite fiveHundred) => new(
        [
            .. Cells(workflow, isDurable: false, Enum.GetValues<BodyKind>(), tests: 40, rounds: 3),
            .. Cells(hundred, isDurable: false, ShorterBodies, tests: 16, rounds: 2),
            .. Cells(fiveHundred, isDurable: false, [BodyKind.Light], tests: 8, rounds: 1),
            .. Cells(workflow, isDurable: true, ShorterBodies, tests: 24, rounds: 2),
            .. Cells(hundred, isDurable: true, ShorterBodies, tests: 8, rounds: 1),
        ],
        GrowthTests: [10, 100, 1000, 5000],
        MostClones: 1000,
        SessionRounds: 7);

    /// <summary>What the most important figures are made of, with fewer tests.</summary>
    public static Plan Quick(Suite workflow, Suite hundred) => new(
        [
            .. Cells(workflow, isDurable: false, [BodyKind.Reads, BodyKind.Light, BodyKind.Usual], tests: 24, rounds: 1),
            .. Cells(hundred, isDurable: false, [BodyKind.Light], tests: 8, rounds: 1),
            .. Cells(workflow, isDurable: true, [BodyKind.Light], tests: 16, rounds: 1),
        ],
        GrowthTests: [100, 1000],
        MostClones: 100,
        SessionRounds: 3);

    private static IEnumerable<Scenario> Cells(Suite suite, bool isDurable, BodyKind[] bodies, int tests, int rounds)
        => from body in bodies
           from workers in (int[])[1, ParallelWorkers]
           select new Scenario(suite, isDurable, body, workers, tests, rounds);
}
