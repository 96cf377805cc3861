using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance.Deaths;

/// <summary>Whatever signal a terminal, a shell or a build server sends, the session leaves nothing.</summary>
public abstract class SignalTests(TestServer server, BuiltSuites suites)
{
    public sealed class InOwnDatabases(TestServer server, BuiltSuites suites) : SignalTests(server, suites), IClassFixture<TestServer>;

    public sealed class InASharedDatabase(SharedServer server, BuiltSuites suites) : SignalTests(server, suites), IClassFixture<SharedServer>;

    [Theory]
    [InlineData("INT", ProbeLogger.Default)]
    [InlineData("TERM", ProbeLogger.Default)]
    [InlineData("HUP", ProbeLogger.Default)]
    [InlineData("KILL", ProbeLogger.Default)]
    [InlineData("INT", ProbeLogger.Terminal)]
    [InlineData("TERM", ProbeLogger.Terminal)]
    [InlineData("HUP", ProbeLogger.Terminal)]
    [InlineData("KILL", ProbeLogger.Terminal)]
    public async Task A_signal_to_the_whole_group_leaves_nothing(string signal, ProbeLogger logger)
    {
        await using var run = ProbeRun.Start(suites.Copy("Probe", server), server, logger: logger);
        await run.WaitUntilLeasedAsync();

        run.SignalGroup(signal);

        await run.Remains.MustVanishAsync($"SIG{signal} to the group{Suffix(logger)}");
    }

    [Theory]
    [InlineData(ProbeLogger.Default)]
    [InlineData(ProbeLogger.Terminal)]
    public async Task A_second_interrupt_right_after_the_first_leaves_nothing(ProbeLogger logger)
    {
        await using var run = ProbeRun.Start(suites.Copy("Probe", server), server, logger: logger);
        await run.WaitUntilLeasedAsync();
        var group = -run.Processes.Dotnet;

        ProcessTree.Signal("INT", group);
        ProcessTree.Signal("INT", group);

        await run.Remains.MustVanishAsync($"SIGINT to the group, twice{Suffix(logger)}");
    }

    // Some end the others, some leave them: then the session ends when the test does.
    [Theory]
    [InlineData("INT", ProbeLogger.Default)]
    [InlineData("TERM", ProbeLogger.Default)]
    [InlineData("HUP", ProbeLogger.Default)]
    [InlineData("INT", ProbeLogger.Terminal)]
    [InlineData("TERM", ProbeLogger.Terminal)]
    [InlineData("HUP", ProbeLogger.Terminal)]
    public async Task A_signal_to_dotnet_alone_leaves_nothing(string signal, ProbeLogger logger)
    {
        await using var run = ProbeRun.Start(suites.Copy("Probe", server), server, logger: logger);
        await run.WaitUntilLeasedAsync();

        ProcessTree.Signal(signal, run.Processes.Dotnet);
        run.LetGo();

        await run.Remains.MustVanishAsync($"SIG{signal} to dotnet alone, whose test then ends{Suffix(logger)}");
    }

    private static string Suffix(ProbeLogger logger) => logger == ProbeLogger.Terminal ? ", terminal logger" : string.Empty;
}
