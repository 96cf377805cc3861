using System.Diagnostics;
using SchemaIsolation.Bench.Arms;
using SchemaIsolation.Bench.Bodies;
using SchemaIsolation.Bench.Reporting;
using SchemaIsolation.Bench.Runs;
using SchemaIsolation.Bench.Servers;
using SchemaIsolation.Bench.Sessions;
using SchemaIsolation.Bench.Suites;

namespace SchemaIsolation.Bench;

/// <summary>Everything in one run on one server.</summary>
internal sealed class Benchmark(BenchServer server, bool isQuick)
{
    private readonly long start = Stopwatch.GetTimestamp();

    public async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        var workflow = WorkflowSuite.Create(RepositoryFiles.Root);
        var hundred = await GenerateAsync(100, cancellationToken);
        var plan = isQuick ? Plan.Quick(workflow, hundred) : Plan.Full(workflow, hundred, await GenerateAsync(500, cancellationToken));

        await WarmUpAsync(workflow, cancellationToken);
        var scenarios = new List<ScenarioFigures>();
        foreach (var block in plan.Scenarios.GroupBy(scenario => (scenario.IsDurable, scenario.Suite)))
            scenarios.AddRange(await RunBlockAsync(block.Key.Suite, block.Key.IsDurable, [.. block], cancellationToken));

        await server.SetDurableAsync(isDurable: false, cancellationToken);
        var growth = new List<GrowthFigures>();
        foreach (var tests in plan.GrowthTests)
        {
            Say($"{tests} tests in a session");
            growth.AddRange(await new GrowthRuns(server, workflow, Plan.ParallelWorkers, plan.MostClones).RunAsync(tests, cancellationToken));
        }

        Say("dotnet test");
        var sessions = await SessionCost.MeasureAsync(new DotnetTest(server, workflow), plan.SessionRounds, cancellationToken);
        return new BenchReport(
            isQuick,
            Environment.ProcessorCount,
            server.Version.ToString(),
            server.FileSystem,
            Environment.Version.ToString(),
            Stopwatch.GetElapsedTime(start).TotalSeconds,
            scenarios,
            growth,
            sessions,
            [.. Bars.Of(scenarios, growth, sessions)]);
    }

    // The runtime compiles again what has been called thirty times: whoever came first would have paid for all.
    private async Task WarmUpAsync(Suite suite, CancellationToken cancellationToken)
    {
        Say("warming up");
        await using var arms = await ArmSet.StartAsync(server, suite, cancellationToken);
        await ScenarioRuns.RunAsync(server, new Scenario(suite, IsDurable: false, BodyKind.Usual, Workers: 1, Tests: 20, Rounds: 1), arms.Arms, cancellationToken);
    }

    private async Task<IReadOnlyList<ScenarioFigures>> RunBlockAsync(
        Suite suite, bool isDurable, IReadOnlyList<Scenario> scenarios, CancellationToken cancellationToken)
    {
        await server.SetDurableAsync(isDurable, cancellationToken);
        await using var arms = await ArmSet.StartAsync(server, suite, cancellationToken);
        var figures = new List<ScenarioFigures>();
        foreach (var scenario in scenarios)
        {
            Say($"{suite.Tables.Count} tables, {(isDurable ? "durable" : "not durable")}, {scenario.Body}, workers: {scenario.Workers}");
            figures.Add(new ScenarioFigures(
                suite.Tables.Count,
                isDurable,
                scenario.Body,
                scenario.Workers,
                scenario.Tests,
                scenario.Rounds,
                await ScenarioRuns.RunAsync(server, scenario, arms.Arms, cancellationToken)));
        }

        return figures;
    }

    private Task<Suite> GenerateAsync(int tables, CancellationToken cancellationToken)
        => GeneratedSuite.WriteAsync(Path.Combine(server.Temporary, $"migrations-{tables}"), tables, cancellationToken);

    // To the side: the report alone is what the benchmark writes.
    private void Say(string what) => Console.Error.WriteLine($"{Stopwatch.GetElapsedTime(start):mm\\:ss}  {what}");
}
