using System.Globalization;
using System.Net.Sockets;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>A PostgreSQL of our own, shared by all sessions of a user: the first one in starts it, the last one out stops it.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private const string Superuser = "postgres";
    private const string SocketName = ".s.PGSQL.5432";
    private const int StatusLine = 7;
    private const int SocketDirectoryLine = 4;

    private static readonly TimeSpan GateTimeLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StartTimeLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private readonly ServerBinaries binaries;
    private readonly EmbeddedServerDirectory directory;
    private IDisposable? use;

    private EmbeddedServer(ServerBinaries binaries, EmbeddedServerDirectory directory)
    {
        this.binaries = binaries;
        this.directory = directory;
    }

    public ServerAddress Address => ServerAddress.ForSocket(ReadProcessFile()[SocketDirectoryLine], Superuser);

    /// <exception cref="SchemaIsolationException">SI1106: the server could not be set up or started.</exception>
    public static async Task<EmbeddedServer> StartAsync(ServerBinaries binaries, string root, CancellationToken cancellationToken)
    {
        var server = new EmbeddedServer(binaries, new EmbeddedServerDirectory(root, binaries.MajorVersion));
        try
        {
            server.directory.Create();
            using (await server.EnterGateAsync(cancellationToken))
            {
                server.use = FileLock.TryShare(server.directory.UseLock)
                    ?? throw new IOException($"\"{server.directory.UseLock}\" is held by another program."); // Ours take it alone only inside the gate.
                await server.EnsureDataAsync(cancellationToken);
            }

            await server.EnsureRunningAsync(cancellationToken);
            return server;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await server.DisposeAsync();
            throw server.Unusable(exception);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server unless it runs: at first, and again when it has died under its sessions.</summary>
    /// <exception cref="SchemaIsolationException">SI1106: it could not be started.</exception>
    public async Task EnsureRunningAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var gate = await EnterGateAsync(cancellationToken);
            if (!await IsRunningAsync(cancellationToken))
                await StartProcessAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(exception);
        }
    }

    /// <summary>Leaves the server, and stops it when nobody else uses it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (use is null)
            return;

        // A token of its own: the server must not stay behind because the session was cancelled. Each step is bounded.
        using var gate = await EnterGateAsync(CancellationToken.None);
        use.Dispose();
        use = null;
        using var alone = FileLock.TryTake(directory.UseLock);
        if (alone is not null && await IsRunningAsync(CancellationToken.None))
            await StopProcessAsync();
    }

    private SchemaIsolationException Unusable(Exception cause)
        => new("SI1106", $"The embedded server's directory \"{directory.Root}\" cannot be used. Name another in ServerDirectory: {cause.Message}", cause);

    private async Task<IDisposable> EnterGateAsync(CancellationToken cancellationToken)
        => await FileLock.TakeAsync(directory.GateLock, GateTimeLimit, cancellationToken)
            ?? throw new SchemaIsolationException("SI1106", $"Another process has been starting or stopping the embedded server for {GateTimeLimit.TotalSeconds:0} s. End it, or name another directory in ServerDirectory; the lock is \"{directory.GateLock}\".");

    private async Task EnsureDataAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(directory.Data))
            return;

        await ServerUser.CreateDirectoryAsync(directory.Cluster, cancellationToken);
        if (Directory.Exists(directory.UnfinishedData))
            Directory.Delete(directory.UnfinishedData, recursive: true);
        await ServerTool.RunAsync(
            binaries.Initdb,
            ["-D", directory.UnfinishedData, "-U", Superuser, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"],
            asServerUser: true,
            cancellationToken);
        await File.AppendAllTextAsync(
            Path.Combine(directory.UnfinishedData, "postgresql.conf"), $"\ninclude_if_exists = '{Path.GetFileName(directory.Settings)}'\n", cancellationToken);
        Directory.Move(directory.UnfinishedData, directory.Data);
    }

    private async Task<bool> IsRunningAsync(CancellationToken cancellationToken)
    {
        var lines = ReadProcessFile();
        if (lines.Length <= SocketDirectoryLine)
            return false;

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(lines[SocketDirectoryLine], SocketName)), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task StartProcessAsync(CancellationToken cancellationToken)
    {
        var former = ReadProcessFile();
        var stale = string.Join('\n', former);
        await File.WriteAllTextAsync(directory.Settings, Settings(await EnsureSocketDirectoryAsync(former, cancellationToken), binaries.MajorVersion), cancellationToken);
        File.Delete(directory.Log);

        // pg_ctl knows of a failure but looks only ten times a second; the file tells of success at once. Neither is cancelled:
        // a server that starts after we have gone would stay. Both are bounded.
        using var found = new CancellationTokenSource();
        var start = ServerTool.RunAsync(
            binaries.PgCtl,
            ["start", "-D", directory.Data, "-l", directory.Log, "-w", "-s", "-t", StartTimeLimit.TotalSeconds.ToString(CultureInfo.InvariantCulture)],
            asServerUser: true,
            CancellationToken.None);
        var ready = WaitForProcessFileAsync(
            lines => lines.Length > StatusLine && lines[StatusLine].StartsWith("ready", StringComparison.Ordinal) && string.Join('\n', lines) != stale,
            StartTimeLimit,
            found.Token);
        if (await Task.WhenAny(start, ready) == start)
        {
            await found.CancelAsync();
            await ThrowWithLogAsync(start);
        }
    }

    private async Task StopProcessAsync()
    {
        var socketDirectory = ReadProcessFile()[SocketDirectoryLine];
        await ServerTool.RunAsync(binaries.PgCtl, ["stop", "-D", directory.Data, "-m", "fast", "-W", "-s"], asServerUser: true, CancellationToken.None);
        await WaitForProcessFileAsync(lines => lines.Length == 0, StopTimeLimit, CancellationToken.None);
        if (socketDirectory != directory.Cluster)
            Directory.Delete(socketDirectory, recursive: true);
    }

    private async Task ThrowWithLogAsync(Task start)
    {
        try
        {
            await start;
        }
        catch (SchemaIsolationException exception)
        {
            var log = File.Exists(directory.Log) ? ServerTool.LastLines(await File.ReadAllTextAsync(directory.Log)) : "it wrote no log";
            throw new SchemaIsolationException("SI1106", $"The embedded server in \"{directory.Cluster}\" did not start. Correct the cause, or delete that directory to have it made anew: {log}", exception);
        }
    }

    private async Task WaitForProcessFileAsync(Func<string[], bool> isReached, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        if (!await Poll.UntilAsync(() => Task.FromResult(isReached(ReadProcessFile())), PollInterval, timeLimit, cancellationToken))
            throw new SchemaIsolationException("SI1106", $"The embedded server in \"{directory.Cluster}\" did not start or stop within {timeLimit.TotalSeconds:0} s. Its log is \"{directory.Log}\".");
    }

    /// <summary>The lines of postmaster.pid, which PostgreSQL documents: the fifth is the socket's directory, the eighth the status.</summary>
    private string[] ReadProcessFile()
    {
        try
        {
            return File.ReadAllLines(directory.ProcessFile);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
    }

    // The path of a socket is short by nature: a deep home directory gets a random one of its own in the temporary directory. A server that
    // was killed has left its own, where its sessions look for the next; the stale socket there is PostgreSQL's to remove.
    private async Task<string> EnsureSocketDirectoryAsync(string[] former, CancellationToken cancellationToken)
    {
        if (SocketPath.Fits(Path.Combine(directory.Cluster, SocketName)))
            return directory.Cluster;
        if (former.ElementAtOrDefault(SocketDirectoryLine) is { Length: > 0 } left && Directory.Exists(left))
            return left;

        var socketDirectory = Directory.CreateTempSubdirectory("si-").FullName;
        await ServerUser.CreateDirectoryAsync(socketDirectory, cancellationToken);
        return socketDirectory;
    }

    // Durability is off: the data is rebuilt from the migrations whenever it is in doubt.
    private static string Settings(string socketDirectory, int majorVersion) =>
        $"""
        port = 5432
        listen_addresses = ''
        unix_socket_directories = '{socketDirectory.Replace("'", "''", StringComparison.Ordinal)}'
        unix_socket_permissions = 0700
        max_connections = 500
        max_locks_per_transaction = 256
        fsync = off
        synchronous_commit = off
        full_page_writes = off
        wal_level = minimal
        max_wal_senders = 0
        max_wal_size = '256MB'
        autovacuum = off
        jit = off
        dynamic_shared_memory_type = {(OperatingSystem.IsWindows() ? "windows" : "mmap")}
        {(new ServerFeatures(majorVersion).HasIoMethod ? "io_method = sync" : string.Empty)}
        """ + "\n";
}
