using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Servers;

/// <summary>A PostgreSQL of our own, shared by all sessions of a user: the first one in starts it, the last one out stops it.</summary>
internal sealed class EmbeddedServer : IAsyncDisposable
{
    private const string Superuser = "postgres";

    private static readonly TimeSpan KeptPollInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FlushTimeLimit = TimeSpan.FromMinutes(2);

    private readonly ServerBinaries binaries;
    private readonly EmbeddedServerDirectory directory;
    private readonly TimeProvider time;
    private readonly ServerProcess process;
    private readonly ServerData data;
    private IDisposable? use;
    private DateTimeOffset? keptUntil;
    private IDisposable? waiting;
    private string? unsettled;

    private EmbeddedServer(ServerBinaries binaries, EmbeddedServerDirectory directory, TimeProvider time)
    {
        this.binaries = binaries;
        this.directory = directory;
        this.time = time;
        process = new ServerProcess(directory);
        data = new ServerData(binaries, directory, Superuser);
    }

    public ServerAddress Address
        => ServerAddress.ForSocket(process.SocketDirectory ?? throw new InvalidOperationException("The server has never run."), Superuser);

    /// <summary>Why the data was made anew, and former templates are gone; null when it was not.</summary>
    public string? DataLost { get; private set; }

    /// <exception cref="SchemaIsolationException">SI1106: the server could not be set up or started.</exception>
    public static async Task<EmbeddedServer> StartAsync(ServerBinaries binaries, string root, TimeProvider time, CancellationToken cancellationToken)
    {
        var server = new EmbeddedServer(binaries, new EmbeddedServerDirectory(root, binaries.DataName), time);
        try
        {
            server.directory.Create();
            using var gate = await server.directory.EnterGateAsync(cancellationToken);
            server.use = FileLock.TryShare(server.directory.UseLock)
                ?? throw new IOException($"\"{server.directory.UseLock}\" is held by another program."); // Ours take it alone only inside the gate.
            await server.StartUnlessRunningAsync(cancellationToken);
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

    /// <summary>Starts the server again when it has died under its sessions.</summary>
    /// <exception cref="SchemaIsolationException">SI1106: it could not be started.</exception>
    public async Task EnsureRunningAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var gate = await directory.EnterGateAsync(cancellationToken);
            await StartUnlessRunningAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(exception);
        }
    }

    /// <summary>Leaves the server, and stops it when nobody else uses it, unless it is to be kept.</summary>
    /// <param name="keep">How long it runs on for the next to come; whoever says so sees to its end by <see cref="SettleAsync"/>.</param>
    public async Task LeaveAsync(TimeSpan keep)
    {
        if (use is null)
            return;

        try
        {
            // A token of its own: the server must not stay behind because the session was cancelled. Each step is bounded.
            using var gate = await directory.EnterGateAsync(CancellationToken.None);
            use.Dispose();
            use = null;
            await StopOrKeepAsync(keep);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unusable(exception);
        }
    }

    private async Task StopOrKeepAsync(TimeSpan keep)
    {
        using var alone = FileLock.TryTake(directory.UseLock);
        if (alone is null || !await process.IsRunningAsync(CancellationToken.None))
            return;

        var now = time.GetUtcNow();
        if (keep > TimeSpan.Zero)
            keptUntil = now + keep;
        if (IsWaitedFor() && directory.ReadKeptUntil() is { } others && others > now && !(keptUntil > others))
            keptUntil = null; // Another keeper sees to it.
        else if (keptUntil is { } until)
            KeepUntil(until);
        else
            await StopAsync();
    }

    private void KeepUntil(DateTimeOffset until)
    {
        waiting = FileLock.TryShare(directory.KeptLock);
        directory.WriteKeptUntil(until);
    }

    // Whoever waits may have been killed since: only the lock proves that somebody does.
    private bool IsWaitedFor()
    {
        using var alone = FileLock.TryTake(directory.KeptLock);
        return alone is null;
    }

    /// <summary>After the server was left: waits while it is kept, stops it unless it is used again, and has its data on the disk.</summary>
    /// <param name="ending">Ends the wait, not the rest.</param>
    public async Task SettleAsync(CancellationToken ending)
    {
        if (keptUntil is { } until)
        {
            await WaitWhileKeptAsync(until, ending);
            await StopUnlessUsedAsync(until);
            waiting?.Dispose();
        }

        if (unsettled is null)
            return;
        using var timeLimit = new CancellationTokenSource(FlushTimeLimit);
        await data.FlushAsync(unsettled, () => directory.EnterGateAsync(timeLimit.Token), timeLimit.Token);
    }

    public async ValueTask DisposeAsync() => await LeaveAsync(TimeSpan.Zero);

    // Asked, as nobody tells: by whoever keeps it longer, or has stopped it by hand.
    private async Task WaitWhileKeptAsync(DateTimeOffset until, CancellationToken ending)
    {
        try
        {
            await Poll.UntilAsync(() => Task.FromResult(directory.ReadKeptUntil() != until), KeptPollInterval, until - time.GetUtcNow(), ending);
        }
        catch (OperationCanceledException)
        {
            // Then it is over now.
        }
    }

    private async Task StopUnlessUsedAsync(DateTimeOffset until)
    {
        using var gate = await directory.EnterGateAsync(CancellationToken.None);
        using var alone = FileLock.TryTake(directory.UseLock);
        if (alone is not null && !(directory.ReadKeptUntil() > until) && await process.IsRunningAsync(CancellationToken.None))
            await StopAsync();
    }

    private async Task StopAsync()
    {
        await process.StopAsync(binaries.PgCtl);
        directory.ForgetKeptUntil();
        unsettled = data.ReadMark();
    }

    private SchemaIsolationException Unusable(Exception cause)
        => new("SI1106", $"The embedded server's directory \"{directory.Root}\" cannot be used. Name another in ServerDirectory: {cause.Message}", cause);

    private async Task StartUnlessRunningAsync(CancellationToken cancellationToken)
    {
        if (await process.IsRunningAsync(cancellationToken))
            return;

        var isNew = !Directory.Exists(directory.Data);
        if (!isNew && await data.IsOfAnotherBootAsync(cancellationToken))
            DataLost = TryDeleteData() ? "the machine went down before all of it was on the disk" : throw UsedElsewhere();
        await data.EnsureAsync(cancellationToken);
        await data.BeginWritingAsync(cancellationToken);
        try
        {
            await process.StartAsync(binaries, cancellationToken);
        }
        catch (SchemaIsolationException exception)
        {
            // What it cannot start on is no use to anybody, and is made again from the migrations. New data tells of another cause, and
            // a process that is there but does not answer may have it open.
            if (isNew || DataLost is not null || !await process.IsDeadAsync(binaries, cancellationToken) || !TryDeleteData())
                throw;
            DataLost = exception.Reason;
            await data.EnsureAsync(cancellationToken);
            await data.BeginWritingAsync(cancellationToken);
            await process.StartAsync(binaries, cancellationToken);
        }
    }

    private SchemaIsolationException UsedElsewhere()
        => new("SI1106", $"The embedded server's directory \"{directory.Root}\" is used by a session on another machine. Name another in ServerDirectory on one of them.");

    // Never what a session works on, be it one on another machine with the same directory: inside the gate nobody else comes.
    private bool TryDeleteData()
    {
        use!.Dispose();
        using (var alone = FileLock.TryTake(directory.UseLock))
        {
            if (alone is not null)
                ServerData.Delete(directory);
        }

        use = FileLock.TryShare(directory.UseLock);
        return !Directory.Exists(directory.Data);
    }
}
