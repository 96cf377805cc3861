using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Tests.PostgreSql.Servers;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

/// <summary>A server on a machine of its own. Its superuser comes in by the socket, which is a file.</summary>
internal sealed class NetworkServer(Network network) : RemoteServer
{
    public override string Host => Network.ServerHost;

    protected override string HostRules => $"host all all {Network.RunnerHost}/32 trust";

    // Into the namespace comes root alone, and into the server everybody else.
    internal override Task StartAsync(ServerRoot root, string settings)
    {
        string[] words =
        [
            .. network.OnServer, "setpriv", "--reuid", ServersUser, "--clear-groups", root.PgCtl, "start",
            "-o", settings, "-D", Data, "-l", Path.Combine(root.Cluster, "server.log"), "-w", "-s",
        ];
        return ServerTool.RunAsync(words[0], words[1..], asServerUser: false, CancellationToken.None);
    }

    private static string ServersUser => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";
}
