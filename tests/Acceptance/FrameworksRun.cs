using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>One run of the sample Frameworks: a solution of four projects that run at once, each with a session of its own.</summary>
public sealed class FrameworksRun(TestServer server, BuiltSuites suites) : IAsyncLifetime
{
    private SuiteRun? suite;

    internal SuiteRun Suite => suite ?? throw new InvalidOperationException("The sample has not been run.");

    internal string Output { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        suite = await suites.BuildSampleAsync("Frameworks", server);

        // At once on a small machine too.
        Output = (await suite.TestAsync("--collect:SchemaIsolation", "-maxcpucount:4")).MustSucceed().Output;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
