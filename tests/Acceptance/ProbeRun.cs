using System.Diagnostics;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>A run of the probe suite that is going on, to be killed.</summary>
internal sealed class ProbeRun : IAsyncDisposable
{
    public const string Holds = "Holds_a_lease_until_it_is_let_go";

    // Whoever runs these tests in the background ignores some signals, which a run would inherit.
    private static readonly string[] WithDefaultSignals = ["env", "--default-signal"];

    private readonly Process process;
    private readonly string signal;

    private ProbeRun(Process process, string signal, string mark, Remains remains)
    {
        this.process = process;
        this.signal = signal;
        Processes = new ProcessTree(mark);
        Remains = remains;
    }

    public ProcessTree Processes { get; }

    /// <summary>What there is of the run once it is dead.</summary>
    public Remains Remains { get; }

    /// <summary>Runs one test of the suite, in a process group of its own, as a shell would.</summary>
    /// <param name="suite">The suite's copy.</param>
    /// <param name="server">The server that the run is on, and no other.</param>
    /// <param name="test">The test's name, or a part of it.</param>
    /// <param name="logger">What the run writes with.</param>
    /// <param name="arguments">Further arguments, without spaces or quotes.</param>
    public static ProbeRun Start(SuiteRun suite, TestServer server, string test = Holds, ProbeLogger logger = ProbeLogger.Default, params string[] arguments)
        => Start(suite, server, logger == ProbeLogger.Default ? ["setsid", .. Command(test, arguments)] : ["script", "-qec", $"exec {string.Join(' ', Command(test, [.. arguments, "--tl:on"]))}", "/dev/null"]);

    /// <summary>The same inside a process namespace: when the first of its processes dies, the kernel kills all others.</summary>
    public static ProbeRun StartInNamespace(SuiteRun suite, TestServer server)
        => Start(suite, server, ["setsid", "unshare", "--pid", "--fork", "--kill-child", "--mount-proc", .. Command(Holds, [])]);

    /// <summary>Waits until the test holds its lease.</summary>
    public Task WaitUntilLeasedAsync() => FileSignal.WaitAsync(signal, process);

    /// <summary>Waits until the test's state has been taken away from it.</summary>
    public Task WaitUntilLostAsync() => FileSignal.WaitAsync(signal + ".lost", process);

    /// <summary>Lets the test end.</summary>
    public void LetGo() => File.WriteAllText(signal + ".go", string.Empty);

    /// <summary>Sends a signal to every process of the group that <c>dotnet test</c> leads.</summary>
    public void SignalGroup(string name) => ProcessTree.Signal(name, -Processes.Dotnet);

    /// <summary>Sends SIGKILL to the group of the command, however far it has come.</summary>
    public void KillGroup() => ProcessTree.Signal("KILL", -process.Id);

    /// <summary>Kills the outermost process alone.</summary>
    public void KillOutermost() => ProcessTree.Kill(process.Id);

    public Task<CommandResult> EndAsync() => Dotnet.WaitAsync(process);

    public async ValueTask DisposeAsync()
    {
        // Its keeper is left to sweep: the next test on the server finds nothing of this one.
        var keepers = Processes.Keepers;
        if (Processes.All.Except(keepers).ToList() is { Count: > 0 } left)
            ProcessTree.Kill(left);
        foreach (var keeper in keepers)
            await ProcessTree.WaitUntilGoneAsync(keeper);
        if (!process.HasExited)
            await EndAsync();
        process.Dispose();
    }

    private static string[] Command(string test, string[] arguments)
        => ["dotnet", "test", "--no-build", "-nologo", "--collect:SchemaIsolation", "--filter", $"DisplayName~{test}", .. arguments];

    private static ProbeRun Start(SuiteRun suite, TestServer server, string[] command)
    {
        var id = Guid.NewGuid().ToString("N");
        var signal = Path.Combine(suite.Directory, $"signal-{id}");
        var mark = $"PROBE_SIGNAL={signal}";
        var environment = new Dictionary<string, string>(suite.Environment) { ["PROBE_SIGNAL"] = signal };
        string[] line = [.. WithDefaultSignals, .. command];
        var process = Dotnet.Start(line[0], suite.Directory, line[1..], environment);
        return new ProbeRun(process, signal, mark, new Remains(server, suite.Temporary, new ProcessTree(mark)));
    }
}
