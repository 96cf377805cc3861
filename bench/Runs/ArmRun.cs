using System.Diagnostics;
using SchemaIsolation.Bench.Arms;
using SchemaIsolation.Bench.Bodies;
using SchemaIsolation.Bench.Servers;

namespace SchemaIsolation.Bench.Runs;

/// <summary>Runs tests with an arm, on as many workers as a test framework would.</summary>
internal sealed class ArmRun(BenchServer server, IArm arm, int workers)
{
    // So many that every worker has had some: code is compiled, pools and caches are warm.
    private const int WarmUpTestsOfWorker = 2;

    public async Task<RunFigures> RunAsync(Scenario scenario, CancellationToken cancellationToken)
    {
        await arm.PrepareAsync(cancellationToken);
        await RunTestsAsync(scenario, first: scenario.Tests, count: workers * WarmUpTestsOfWorker, cancellationToken);
        await server.WaitUntilQuietAsync(cancellationToken);
        GC.Collect();

        var connections = await server.Connections.CountAsync(cancellationToken);
        var serverProcessor = server.Processor.Read();
        var keeperProcessor = arm.Processor;
        var start = Stopwatch.GetTimestamp();
        var tests = await RunTestsAsync(scenario, first: 0, scenario.Tests, cancellationToken);
        var whole = Stopwatch.GetElapsedTime(start);
        var after = await server.WaitUntilQuietAsync(cancellationToken);
        return new RunFigures(
            whole,
            after,
            tests,
            await server.Connections.CountAsync(cancellationToken) - connections,
            server.Processor.Read() - serverProcessor,
            arm.Processor - keeperProcessor);
    }

    private async Task<IReadOnlyList<TestTime>> RunTestsAsync(Scenario scenario, int first, int count, CancellationToken cancellationToken)
    {
        var bodies = Enumerable.Range(first, count).Select(number => Body.Create(scenario.Suite, scenario.Body, number)).ToArray();
        var times = new TestTime[count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(WorkAsync, cancellationToken)));
        return times;

        async Task WorkAsync()
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
                times[i] = await RunTestAsync(bodies[i], first + i, cancellationToken);
        }
    }

    private async Task<TestTime> RunTestAsync(Body body, int number, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var state = await arm.BeginAsync(number, cancellationToken);
        var begun = Stopwatch.GetElapsedTime(start);
        TimeSpan done;
        try
        {
            await body.RunAsync(state, cancellationToken);
        }
        finally
        {
            done = Stopwatch.GetElapsedTime(start);
            await state.DisposeAsync();
        }

        var end = Stopwatch.GetElapsedTime(start);
        return new TestTime(begun.TotalMilliseconds, (done - begun).TotalMilliseconds, (end - done).TotalMilliseconds);
    }
}
