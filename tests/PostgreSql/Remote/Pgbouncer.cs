using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

/// <summary>A pooler in front of a server, that lets everybody in as its superuser.</summary>
internal sealed class Pgbouncer : IAsyncDisposable
{
    private const string Installed = "/usr/sbin/pgbouncer";

    /// <summary>So that it takes what a keeper's connections begin with, and drops it.</summary>
    public const string IgnoresOptions = "ignore_startup_parameters=options,extra_float_digits";

    private readonly Process process;
    private readonly string directory;

    private Pgbouncer(Process process, string directory, int port)
    {
        this.process = process;
        this.directory = directory;
        Address = ServerAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=postgres"));
    }

    public ServerAddress Address { get; }

    /// <param name="server">What it stands in front of.</param>
    /// <param name="settings">Its own, beginning with how it pools.</param>
    public static async Task<Pgbouncer> StartAsync(RemoteServer server, params string[] settings)
    {
        Assert.SkipUnless(File.Exists(Installed), "pgbouncer is not installed: build/pgbouncer.sh does so where it may.");
        var directory = ReachableDirectory.Create();
        var port = RemoteServer.FreePort();
        var file = Path.Combine(directory, "pgbouncer.ini");
        await File.WriteAllLinesAsync(file, [
            "[databases]",
            $"* = host={server.Superuser.Host} port={server.Port} user=postgres",
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            $"listen_port = {port}",
            "unix_socket_dir =",
            "auth_type = any",
            .. settings,
        ]);
        var startInfo = new ProcessStartInfo(Installed, ["--quiet", file]) { UseShellExecute = false };
        ServerUser.Apply(startInfo); // Like the server it refuses root.
        var started = new Pgbouncer(Process.Start(startInfo)!, directory, port);
        await Eventually.TrueAsync(() => IsListeningAsync(port));
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private static async Task<bool> IsListeningAsync(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
