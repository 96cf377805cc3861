namespace SchemaIsolation.Bench.Runs;

/// <summary>One run of the tests of a cell with one arm.</summary>
/// <param name="Whole">From the first test's start to the last test's end.</param>
/// <param name="After">From there until the server was quiet: what had been put off.</param>
/// <param name="Tests">By the number of the test.</param>
/// <param name="Connections">Opened to the server, by whomever.</param>
/// <param name="ServerProcessor">Null where the system does not tell.</param>
/// <param name="KeeperProcessor">Zero for what has no keeper.</param>
internal sealed record RunFigures(
    TimeSpan Whole, TimeSpan After, IReadOnlyList<TestTime> Tests, int Connections, TimeSpan? ServerProcessor, TimeSpan KeeperProcessor);
