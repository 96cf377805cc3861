using System.Runtime.InteropServices;
using Npgsql;
using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

/// <summary>Two machines as far as a network can tell, a server's and a runner's, with one cable between them and none to the outside: namespaces of the kernel.</summary>
internal sealed class Network : IAsyncDisposable
{
    public const string ServerHost = "198.51.100.1"; // Of no network that there is (RFC 5737).
    public const string RunnerHost = "198.51.100.2";
    private const int CloneNewNet = 0x40000000;

    private readonly string server = $"si-{Guid.NewGuid():N}"[..12] + "-s";
    private readonly string runner;

    private Network() => runner = server[..^1] + "r";

    /// <summary>What becomes a program on the runner.</summary>
    public string[] OnRunner => ["ip", "netns", "exec", runner];

    /// <summary>What becomes a program on the server's machine.</summary>
    public string[] OnServer => ["ip", "netns", "exec", server];

    public static async Task<Network> CreateAsync()
    {
        var network = new Network();
        try
        {
            await IpAsync($"netns add {network.server}");
            await IpAsync($"netns add {network.runner}");
            await IpAsync($"-n {network.server} link add cable type veth peer name cable netns {network.runner}");
            foreach (var (machine, host) in new[] { (network.server, ServerHost), (network.runner, RunnerHost) })
            {
                await IpAsync($"-n {machine} link set lo up");
                await IpAsync($"-n {machine} address add {host}/30 dev cable");
                await IpAsync($"-n {machine} link set cable up");
            }

            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    public static async Task SkipUnlessPermittedAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Needs root to make network namespaces.");
        try
        {
            await using var network = await CreateAsync();
        }
        catch (SchemaIsolationException exception)
        {
            Assert.Skip($"Network namespaces are not permitted here: {exception.Reason}");
        }
    }

    /// <summary>Pulls the cable out at the runner: neither end is told that the other has gone.</summary>
    public Task CutAsync() => IpAsync($"-n {runner} link set cable down");

    public Task MendAsync() => IpAsync($"-n {runner} link set cable up");

    /// <summary>Connects from the runner. The socket stays there.</summary>
    public Task<NpgsqlConnection> OpenOnRunnerAsync(string connectionString)
    {
        var opened = new TaskCompletionSource<NpgsqlConnection>(TaskCreationOptions.RunContinuationsAsynchronously);

        // A thread of its own, which ends there: the namespace is the thread's.
        new Thread(() =>
        {
            try
            {
                using (var handle = File.OpenHandle($"/run/netns/{runner}"))
                {
                    if (SetNamespace((int)handle.DangerousGetHandle(), CloneNewNet) != 0)
                        throw new InvalidOperationException($"setns failed: {Marshal.GetLastPInvokeErrorMessage()}");
                }

                var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
                connection.Open();
                opened.SetResult(connection);
            }
            catch (Exception exception)
            {
                opened.SetException(exception); // For whoever awaits it: on this thread it would end the process.
            }
        }).Start();
        return opened.Task;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var machine in new[] { runner, server })
        {
            if (File.Exists($"/run/netns/{machine}"))
                await IpAsync($"netns delete {machine}");
        }
    }

    private static Task<string> IpAsync(string arguments)
        => ServerTool.RunAsync("ip", arguments.Split(' '), asServerUser: false, CancellationToken.None);

#pragma warning disable SYSLIB1054 // Its source is generated as unsafe code, for which two numbers are no reason.
    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(int file, int kind);
#pragma warning restore SYSLIB1054
}
