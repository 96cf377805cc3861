using System.Diagnostics;
using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;

namespace SchemaIsolation.Bench.Servers;

/// <summary>The embedded server with its usual settings, in a directory of the benchmark's own, gone with it.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    private const string BinariesVariable = "SCHEMAISOLATION__ServerBinaries";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan QuietTimeLimit = TimeSpan.FromSeconds(60);

    private readonly string root;
    private readonly EmbeddedServer embedded;
    private readonly EmbeddedServerDirectory directory;
    private readonly NpgsqlConnection observer;

    private BenchServer(string root, EmbeddedServer embedded, EmbeddedServerDirectory directory, NpgsqlConnection observer)
    {
        this.root = root;
        this.embedded = embedded;
        this.directory = directory;
        this.observer = observer;
        Processor = new ServerProcessor(int.Parse(File.ReadLines(directory.ProcessFile).First()));
        Connections = new ConnectionLog(directory.Log);
    }

    /// <summary>Where everything of the benchmark lies that is not the server's.</summary>
    public string Temporary => Path.Combine(root, "tmp");

    public ServerProcessor Processor { get; }

    public ConnectionLog Connections { get; }

    public Version Version => observer.PostgreSqlVersion;

    /// <summary>Of its data: what makes files slowly makes databases slowly.</summary>
    public string FileSystem => new DriveInfo(root).DriveFormat;

    public static async Task<BenchServer> StartAsync(CancellationToken cancellationToken)
    {
        var root = Directory.CreateTempSubdirectory("si-bench-");
        if (!OperatingSystem.IsWindows())
            root.UnixFileMode |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        EmbeddedServer? embedded = null;
        try
        {
            Directory.CreateDirectory(Path.Combine(root.FullName, "tmp"));
            var binaries = Environment.GetEnvironmentVariable(BinariesVariable) is { Length: > 0 } named
                ? await ServerBinaries.OpenAsync(named, cancellationToken)
                : await ServerBinaries.FindAsync(version: null, cancellationToken);
            embedded = await EmbeddedServer.StartAsync(binaries, root.FullName, TimeProvider.System, cancellationToken);
            var observer = await ObserveAsync(embedded.Address, cancellationToken);
            return new BenchServer(root.FullName, embedded, new EmbeddedServerDirectory(root.FullName, binaries.DataName), observer);
        }
        catch
        {
            if (embedded is not null)
                await embedded.DisposeAsync();
            root.Delete(recursive: true);
            throw;
        }
    }

    public string ConnectionString(string database, string? searchPath = null)
    {
        var builder = embedded.Address.For(database);
        if (searchPath is not null)
            builder.SearchPath = searchPath;
        return builder.ConnectionString;
    }

    /// <summary>Whether what is committed survives a power cut: how most servers run that are not for tests alone.</summary>
    public async Task SetDurableAsync(bool isDurable, CancellationToken cancellationToken)
    {
        var value = isDurable ? "on" : "off";
        foreach (var setting in (string[])["fsync", "full_page_writes", "synchronous_commit"])
            await ExecuteAsync("postgres", $"alter system set {setting} = {value}", cancellationToken);
        await ExecuteAsync("postgres", "select pg_reload_conf()", cancellationToken);

        // The server reads its files when it has the time; only a new connection tells that it has.
        while (await ReadOnNewConnectionAsync("show fsync", cancellationToken) is not string actual || actual != value)
            await Task.Delay(PollInterval, cancellationToken);
        await ExecuteAsync("postgres", "checkpoint", cancellationToken);
    }

    /// <summary>Runs statements on a connection of their own.</summary>
    public async Task ExecuteAsync(string database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Unpooled(ConnectionString(database)));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Waits until no statement runs any more, so that nothing done in the background falls to whoever is measured next.</summary>
    /// <returns>How long it took until it was so; it is believed a little later.</returns>
    public async Task<TimeSpan> WaitUntilQuietAsync(CancellationToken cancellationToken)
    {
        const int LooksInARow = 5;
        var start = Stopwatch.GetTimestamp();
        var quietAfter = TimeSpan.Zero;
        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeLimit.CancelAfter(QuietTimeLimit);
        await using var command = new NpgsqlCommand(
            "select count(*) from pg_stat_activity where backend_type = 'client backend' and state = 'active' and pid <> pg_backend_pid()", observer);
        for (var quiet = 0; quiet < LooksInARow; await Task.Delay(PollInterval, timeLimit.Token))
        {
            var isQuiet = (long)(await command.ExecuteScalarAsync(timeLimit.Token))! == 0;
            quiet = isQuiet ? quiet + 1 : 0;
            if (quiet <= 1)
                quietAfter = Stopwatch.GetElapsedTime(start);
        }

        return quietAfter;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await observer.DisposeAsync();
        await embedded.DisposeAsync();
        Directory.Delete(root, recursive: true);
    }

    private static async Task<NpgsqlConnection> ObserveAsync(ServerAddress address, CancellationToken cancellationToken)
    {
        var observer = new NpgsqlConnection(Unpooled(address.For("postgres").ConnectionString));
        await observer.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("alter system set log_connections = on", observer);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return observer;
    }

    private async Task<object?> ReadOnNewConnectionAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Unpooled(ConnectionString("postgres")));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static string Unpooled(string connectionString)
        => new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString;
}
