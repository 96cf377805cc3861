using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>One database in which suites make schemas of their own, from when this session says that it is alive there.</summary>
internal sealed class SweptDatabase : IAsyncDisposable
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RetakeTimeLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan EndTimeLimit = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan BusyPollInterval = TimeSpan.FromMilliseconds(50);

    private readonly SessionServer server;
    private readonly IReadOnlyList<SchemaPattern> patterns;
    private readonly KeeperLog log;
    private readonly TimeProvider time;
    private readonly List<ReportedSweep> sweeps = [];
    private KeptLock<SweepLock>? alive;

    public SweptDatabase(SessionServer server, string name, IReadOnlyList<SchemaPattern> patterns, KeeperLog log, TimeProvider time)
    {
        this.server = server;
        Name = name;
        this.patterns = patterns;
        this.log = log;
        this.time = time;
    }

    public string Name { get; }

    public IReadOnlyList<ReportedSweep> Sweeps => sweeps;

    /// <summary>Sweeps what dead sessions left, unless one is alive, and says that this session is; waits while another session sweeps.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var place = await SweepLock.OpenAsync(server.Postgres, Name, cancellationToken);
        try
        {
            await EnterGateAsync(place, cancellationToken);

            // Shared before alone is let go: in between another session could sweep what these tests have begun to make.
            var isSwept = await TrySweepAsync(place, "start", cancellationToken);
            await place.ShareAsync(cancellationToken);
            if (isSwept)
                await place.LeaveAloneAsync(cancellationToken);
            await place.LeaveGateAsync(cancellationToken);
        }
        catch
        {
            await place.DisposeAsync();
            throw;
        }

        alive = new KeptLock<SweepLock>(place, TryRetakeAsync, elapsed => log.SchemaLockRetaken(Name, elapsed));
    }

    /// <summary>Sweeps when no other session is alive here: whichever lets go last finds nobody.</summary>
    /// <param name="patience">How long to wait for tests that are still at work here.</param>
    public async Task EndAsync(TimeSpan patience)
    {
        // A token of its own: the sweep is what has to happen although everything else was cancelled.
        using var timeLimit = new CancellationTokenSource(EndTimeLimit, time);
        try
        {
            await WaitUntilHeldAsync(timeLimit.Token);
            await Poll.UntilAsync(() => IsQuietAsync(timeLimit.Token), BusyPollInterval, patience, timeLimit.Token);
            await using var place = await StopAsync(timeLimit.Token);
            await EnterGateAsync(place, timeLimit.Token);
            await place.LeaveSharedAsync(timeLimit.Token);
            await TrySweepAsync(place, "end", timeLimit.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            log.Failed(new SchemaIsolationException("SI3004", $"The schemas in database \"{Name}\" could not all be swept; the next session's start drops what is left: {exception.Message}", exception));
        }
    }

    /// <summary>Sweeps without a session: what matches is dropped, or listed, unless a session is alive here.</summary>
    /// <returns>What a dry run would drop.</returns>
    public async Task<IReadOnlyList<string>> SweepAsync(bool isDryRun, CancellationToken cancellationToken)
    {
        await using var place = await SweepLock.OpenAsync(server.Postgres, Name, cancellationToken);
        await EnterGateAsync(place, cancellationToken);
        if (!isDryRun)
        {
            await TrySweepAsync(place, "command", cancellationToken);
            return [];
        }

        if (await place.TryTakeAloneAsync(cancellationToken))
            return await NewSweep().FindAsync(cancellationToken);
        log.SchemasLeftToOthers(Name);
        return [];
    }

    public ValueTask DisposeAsync() => alive?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<bool> TrySweepAsync(SweepLock place, string when, CancellationToken cancellationToken)
    {
        if (!await TryTakeAloneAsync(place, cancellationToken))
        {
            log.SchemasLeftToOthers(Name);
            return false;
        }

        var start = time.GetTimestamp();
        var sweep = NewSweep();
        var running = sweep.RunAsync(cancellationToken);
        await WatchAsync(running, () => log.SchemaSweepGoesOn(Name, sweep.Progress.Dropped, sweep.Progress.Kept, sweep.Progress.Found));
        var result = await running;

        var elapsed = time.GetElapsedTime(start);
        log.SchemasSwept(Name, result.Dropped, result.Kept.Count, elapsed);
        if (result.Kept.Count > 0)
            log.SchemasKept(Name, [.. result.Kept.Select(schema => schema.Name)], result.Kept[0].Reason);
        sweeps.Add(new ReportedSweep(Name, when, result.Dropped, [.. result.Kept.Select(schema => new ReportedSchema(schema.Name, schema.Reason))], elapsed.TotalMilliseconds));
        return true;
    }

    private async Task<bool> TryTakeAloneAsync(SweepLock place, CancellationToken cancellationToken)
    {
        if (!await place.TryTakeAloneAsync(cancellationToken))
            return false;
        if ((await NewSweep().FindAsync(cancellationToken)).Count == 0)
            return true;

        await place.LeaveAloneAsync(cancellationToken);
        await SecondLook.WaitAsync(cancellationToken);
        return await place.TryTakeAloneAsync(cancellationToken);
    }

    private async Task<SweepLock?> TryRetakeAsync(CancellationToken cancellationToken)
    {
        await server.RecoverAsync(cancellationToken);
        var place = await SweepLock.OpenAsync(server.Postgres, Name, cancellationToken);
        try
        {
            await place.ShareAsync(cancellationToken);
            return place;
        }
        catch
        {
            await place.DisposeAsync();
            throw;
        }
    }

    private async Task WaitUntilHeldAsync(CancellationToken cancellationToken)
    {
        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeLimit.CancelAfter(RetakeTimeLimit);
        await alive!.WaitUntilHeldAsync(timeLimit.Token);
    }

    private async Task<SweepLock> StopAsync(CancellationToken cancellationToken)
        => await alive!.StopAsync() ?? await SweepLock.OpenAsync(server.Postgres, Name, cancellationToken);

    private Task<bool> IsQuietAsync(CancellationToken cancellationToken) => server.Postgres.IsQuietAsync(Name, cancellationToken);

    private SchemaSweep NewSweep() => new(server.Postgres, Name, patterns);

    private Task EnterGateAsync(SweepLock place, CancellationToken cancellationToken)
        => WatchAsync(place.EnterGateAsync(cancellationToken), () => log.SchemaSweepWaits(Name));

    private async Task WatchAsync(Task work, Action onProgress)
    {
        while (await Task.WhenAny(work, Task.Delay(ProgressInterval, time)) != work)
            onProgress();
        await work;
    }
}
