using System.Globalization;
using System.Net.Sockets;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>The process of an embedded server: PostgreSQL's own files say whether and where it runs.</summary>
internal sealed class ServerProcess(EmbeddedServerDirectory directory)
{
    private const string SocketName = ".s.PGSQL.5432";
    private const int ProcessIdLine = 0;
    private const int StartTimeLine = 2;
    private const int SocketDirectoryLine = 4;
    private const int StatusLine = 7;

    private static readonly TimeSpan StartTimeLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTimeLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>Where its socket is, or was when it ran last; null when it has never run.</summary>
    public string? SocketDirectory => ReadProcessFile().ElementAtOrDefault(SocketDirectoryLine) is { Length: > 0 } found ? found : null;

    public int Id => int.Parse(ReadProcessFile()[ProcessIdLine], CultureInfo.InvariantCulture);

    public DateTimeOffset StartTime => DateTimeOffset.FromUnixTimeSeconds(long.Parse(ReadProcessFile()[StartTimeLine], CultureInfo.InvariantCulture));

    /// <summary>Whether it accepts connections.</summary>
    public async Task<bool> IsRunningAsync(CancellationToken cancellationToken)
    {
        if (SocketDirectory is not { } socketDirectory)
            return false;

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(socketDirectory, SocketName)), cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Whether it is certain that its process is not there: one that accepts no connections may be.</summary>
    public async Task<bool> IsDeadAsync(ServerBinaries binaries, CancellationToken cancellationToken)
    {
        try
        {
            await ServerTool.RunAsync(binaries.PgCtl, ["status", "-D", directory.Data], asServerUser: true, cancellationToken);
            return false;
        }
        catch (SchemaIsolationException exception)
        {
            // pg_ctl documents it: no server is running there. Any other says that nobody knows.
            return exception.Reason.Contains("exit code 3:", StringComparison.Ordinal);
        }
    }

    /// <exception cref="SchemaIsolationException">SI1106: it did not start, with what it said.</exception>
    public async Task StartAsync(ServerBinaries binaries, CancellationToken cancellationToken)
    {
        var stale = string.Join('\n', ReadProcessFile());
        var socketDirectory = await EnsureSocketDirectoryAsync(cancellationToken);
        await File.WriteAllTextAsync(directory.Settings, ServerSettings.Write(socketDirectory, binaries.MajorVersion), cancellationToken);
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
        else
        {
            await ready;
        }
    }

    /// <exception cref="SchemaIsolationException">SI1106: it did not stop.</exception>
    public async Task StopAsync(string pgCtl)
    {
        var socketDirectory = SocketDirectory;
        await ServerTool.RunAsync(pgCtl, ["stop", "-D", directory.Data, "-m", "fast", "-W", "-s"], asServerUser: true, CancellationToken.None);
        await WaitForProcessFileAsync(lines => lines.Length == 0, StopTimeLimit, CancellationToken.None);
        if (socketDirectory is not null && socketDirectory != directory.Cluster)
            DeleteIfEmpty(socketDirectory);
    }

    // The path is the server's word, and the server has taken its socket with it.
    private static void DeleteIfEmpty(string socketDirectory)
    {
        try
        {
            Directory.Delete(socketDirectory);
        }
        catch (IOException)
        {
            // It is not ours alone.
        }
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
            throw new SchemaIsolationException("SI1106", $"The embedded server in \"{directory.Cluster}\" did not start. Correct the cause, or name a server in Server: {log}", exception);
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
    private async Task<string> EnsureSocketDirectoryAsync(CancellationToken cancellationToken)
    {
        if (SocketPath.Fits(Path.Combine(directory.Cluster, SocketName)))
            return directory.Cluster;
        if (SocketDirectory is { } left && Directory.Exists(left))
            return left;

        var socketDirectory = Directory.CreateTempSubdirectory("si-").FullName;
        await ServerUser.CreateDirectoryAsync(socketDirectory, cancellationToken);
        return socketDirectory;
    }
}
