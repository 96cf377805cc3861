using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Servers;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

/// <summary>A server of its own for some tests that is reached over TCP, on the loopback interface alone. Its superuser comes in by the socket.</summary>
public abstract class RemoteServer : IAsyncLifetime
{
    private ServerRoot? root;
    private string socketDirectory = "";
    private bool isStarted;

    public virtual string Host => "127.0.0.1";

    public int Port { get; } = FreePort();

    internal ServerAddress Superuser => ServerAddress.Parse($"Host={socketDirectory};Port={Port};Username=postgres");

    /// <summary>Where its data is, and files that it reads.</summary>
    protected string Data => Path.Combine(root!.Cluster, "data");

    /// <summary>What it runs with: names and values.</summary>
    protected virtual IEnumerable<string> Settings => [];

    /// <summary>What is in it: each run in a transaction of its own.</summary>
    protected virtual IEnumerable<string> Statements => [];

    /// <summary>Who comes in over TCP, and how.</summary>
    protected virtual string HostRules => "host all all 127.0.0.1/32 trust";

    /// <summary>As Npgsql's keywords.</summary>
    public string KeywordsOf(string username, string more = "") => $"Host={Host};Port={Port};Username={username};{more}";

    internal ServerAddress As(string username, string more = "") => ServerAddress.Parse(KeywordsOf(username, more));

    public virtual async ValueTask InitializeAsync()
    {
        root = await ServerRoot.CreateAsync();
        await using (var before = await root.StartAsync())
        {
            socketDirectory = before.Address.Host;
            foreach (var statement in Statements)
                await Psql.RunAsync(before.Address, "postgres", statement);
        }

        await PrepareAsync();
        await File.WriteAllTextAsync(Path.Combine(Data, "pg_hba.conf"), $"local all all trust\n{HostRules}\n");
        var settings = Settings.Prepend($"port={Port.ToString(CultureInfo.InvariantCulture)}").Prepend($"listen_addresses={Host}").Select(setting => $"-c {setting}");
        await StartAsync(root, string.Join(' ', settings));
        isStarted = true;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        try
        {
            if (isStarted)
                await root!.ControlAsync("stop", "-m", "fast");
        }
        finally
        {
            root?.Dispose();
        }
    }

    internal virtual Task StartAsync(ServerRoot root, string settings) => root.ControlAsync("start", "-o", settings);

    /// <summary>Writes what the settings name.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    /// <summary>A file that the server alone may read, as it demands of its key.</summary>
    protected async Task WriteAsync(string name, string text)
    {
        var file = Path.Combine(Data, name);
        await File.WriteAllTextAsync(file, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        if (Environment.IsPrivilegedProcess)
            await ServerTool.RunAsync("chown", ["--reference", Data, file], asServerUser: false, CancellationToken.None);
    }

    /// <summary>One that nothing listens on. None of those that the kernel gives to clients: one of them may come before we do.</summary>
    internal static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(10_000, 32_000);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
