using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance.Deaths;

/// <summary>A run that VSTest ends because it takes too long leaves nothing.</summary>
public abstract class TimeoutTests(TestServer server, BuiltSuites suites)
{
    public sealed class InOwnDatabases(TestServer server, BuiltSuites suites) : TimeoutTests(server, suites), IClassFixture<TestServer>;

    [Trait("Run", "All")]
    public sealed class InASharedDatabase(SharedServer server, BuiltSuites suites) : TimeoutTests(server, suites), IClassFixture<SharedServer>;

    [Fact]
    public async Task A_run_that_exceeds_its_session_timeout_leaves_nothing()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("limited.runsettings", "<RunSettings><RunConfiguration><TestSessionTimeout>20000</TestSessionTimeout></RunConfiguration></RunSettings>");
        await using var run = ProbeRun.Start(suite, server, arguments: ["--settings", "limited.runsettings"]);
        await run.WaitUntilLeasedAsync();
        await ProcessTree.WaitUntilGoneAsync(run.Processes.TestHost);

        await run.Remains.MustVanishAsync("TestSessionTimeout");

        Assert.Equal(1, (await run.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task A_test_that_hangs_until_blame_kills_it_leaves_nothing()
    {
        await using var run = ProbeRun.Start(
            suites.Copy("Probe", server), server, arguments: ["--blame-hang-timeout", "10s", "--blame-hang-dump-type", "none"]);
        await run.WaitUntilLeasedAsync();
        await ProcessTree.WaitUntilGoneAsync(run.Processes.TestHost);

        await run.Remains.MustVanishAsync("--blame-hang-timeout");

        Assert.Equal(1, (await run.EndAsync()).ExitCode);
    }
}
