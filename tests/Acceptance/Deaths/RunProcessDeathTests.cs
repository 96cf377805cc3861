using System.Diagnostics;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance.Deaths;

/// <summary>Whichever process of the run is killed alone, the session leaves nothing.</summary>
public abstract class RunProcessDeathTests(TestServer server, BuiltSuites suites)
{
    public sealed class InOwnDatabases(TestServer server, BuiltSuites suites) : RunProcessDeathTests(server, suites), IClassFixture<TestServer>;

    public sealed class InASharedDatabase(SharedServer server, BuiltSuites suites) : RunProcessDeathTests(server, suites), IClassFixture<SharedServer>;

    // How long the keeper waits for test processes that outlive their run, and the margins of a busy machine.
    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(2.5);

    [Fact]
    public async Task A_test_that_outlives_its_collector_keeps_its_lease_for_a_while_and_then_loses_it()
    {
        await using var run = ProbeRun.Start(suites.Copy("Probe", server), server);
        await run.WaitUntilLeasedAsync();
        var testHost = run.Processes.TestHost;
        var died = Stopwatch.GetTimestamp();

        ProcessTree.Kill(run.Processes.DataCollector);

        await run.WaitUntilLostAsync();
        var kept = Stopwatch.GetElapsedTime(died);
        var outlived = ProcessTree.IsAlive(testHost);
        await run.Remains.MustVanishAsync("SIGKILL of the datacollector, the test goes on", died: died);
        Assert.True(outlived);
        Assert.True(kept > LeastGrace, $"The test lost its lease after {kept}.");
    }

    [Fact]
    public async Task A_test_that_outlives_its_collector_and_ends_in_time_never_loses_its_lease()
    {
        var suite = suites.Copy("Probe", server);
        await using var run = ProbeRun.Start(suite, server);
        await run.WaitUntilLeasedAsync();

        ProcessTree.Kill(run.Processes.DataCollector);
        run.LetGo();

        await run.Remains.MustVanishAsync("SIGKILL of the datacollector, the test ends");
        Assert.Empty(Directory.EnumerateFiles(suite.Directory, "*.lost"));
    }

    [Fact]
    public async Task A_run_whose_console_is_killed_leaves_nothing()
    {
        await using var run = ProbeRun.Start(suites.Copy("Probe", server), server);
        await run.WaitUntilLeasedAsync();

        ProcessTree.Kill(run.Processes.Console);

        await run.Remains.MustVanishAsync("SIGKILL of vstest.console");
    }

    // The others go on, so the session does: it ends when the test does.
    [Fact]
    public async Task A_run_that_lost_its_dotnet_test_goes_on_and_leaves_nothing()
    {
        var suite = suites.Copy("Probe", server);
        await using var run = ProbeRun.Start(suite, server);
        await run.WaitUntilLeasedAsync();
        var dotnet = run.Processes.Dotnet;
        var testHost = run.Processes.TestHost;

        ProcessTree.Kill(dotnet);
        await ProcessTree.WaitUntilGoneAsync(dotnet);
        run.LetGo();
        await ProcessTree.WaitUntilGoneAsync(testHost);

        await run.Remains.MustVanishAsync("SIGKILL of dotnet test, from the end of the test process");
        Assert.Empty(Directory.EnumerateFiles(suite.Directory, "*.lost"));
    }
}
