using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance.Deaths;

/// <summary>However a test or its process ends, the session leaves nothing.</summary>
public abstract class TestProcessDeathTests(TestServer server, BuiltSuites suites)
{
    public sealed class InOwnDatabases(TestServer server, BuiltSuites suites) : TestProcessDeathTests(server, suites), IClassFixture<TestServer>;

    public sealed class InASharedDatabase(SharedServer server, BuiltSuites suites) : TestProcessDeathTests(server, suites), IClassFixture<SharedServer>;

    [Fact]
    public async Task A_failing_test_leaves_nothing()
    {
        var suite = suites.Copy("Probe", server);
        await using var run = ProbeRun.Start(suite, server, "Fails_while_it_holds_a_lease");

        var result = await run.EndAsync();

        await run.Remains.MustVanishAsync("a test fails");
        Assert.Equal(1, result.ExitCode);
        var report = suite.ReadReport();
        Assert.True(report.GetProperty("leases")[0].GetProperty("isReleased").GetBoolean());
        Assert.Equal(0, report.GetProperty("counts").GetProperty("left").GetInt32());
    }

    [Theory]
    [InlineData("Dies_of_a_fail_fast", "FailFast in a test")]
    [InlineData("Dies_of_a_stack_overflow", "stack overflow in a test")]
    [InlineData("Dies_of_an_exit", "Environment.Exit in a test")]
    [InlineData("Dies_of_an_exception_on_a_thread", "unhandled exception on a thread")]
    public async Task A_test_process_that_dies_of_itself_releases_its_lease_and_leaves_nothing(string test, string death)
    {
        var suite = suites.Copy("Probe", server);
        await using var run = ProbeRun.Start(suite, server, test);
        await run.WaitUntilLeasedAsync();
        if (run.Processes.TryFindTestHost() is { } testHost)
            await ProcessTree.WaitUntilGoneAsync(testHost);

        await run.Remains.MustVanishAsync(death);

        Assert.Equal(1, (await run.EndAsync()).ExitCode);
        AssertLeaseWasNotReleased(suite);
    }

    [Fact]
    public async Task A_test_process_that_is_killed_releases_its_lease_and_leaves_nothing()
    {
        var suite = suites.Copy("Probe", server);
        await using var run = ProbeRun.Start(suite, server);
        await run.WaitUntilLeasedAsync();

        ProcessTree.Kill(run.Processes.TestHost);

        await run.Remains.MustVanishAsync("SIGKILL of the test host");
        Assert.Equal(1, (await run.EndAsync()).ExitCode);
        AssertLeaseWasNotReleased(suite);
    }

    private static void AssertLeaseWasNotReleased(SuiteRun suite)
    {
        var report = suite.ReadReport();
        Assert.False(report.GetProperty("leases")[0].GetProperty("isReleased").GetBoolean());
        Assert.Equal(0, report.GetProperty("counts").GetProperty("left").GetInt32());
    }
}
