using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>One database in which suites make schemas of their own, from when this session says that it is alive there.</summary>
internal sealed class SweptDatabase : IAsyncDisposable
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan EndTimeLimit = TimeSpan.FromMinutes(30);

    private readonly PostgresServer server;
    private readonly string name;
    private readonly IReadOnlyList<SchemaPattern> patterns;
    private readonly KeeperLog log;
    private readonly TimeProvider time;
    private readonly SweepLock alive;
    private readonly List<ReportedSweep> sweeps = [];

    private SweptDatabase(PostgresServer server, string name, IReadOnlyList<SchemaPattern> patterns, KeeperLog log, TimeProvider time, SweepLock alive)
    {
        this.server = server;
        this.name = name;
        this.patterns = patterns;
        this.log = log;
        this.time = time;
        this.alive = alive;
    }

    public IReadOnlyList<ReportedSweep> Sweeps => sweeps;

    /// <summary>Sweeps what dead sessions left, unless one is alive; waits while another session sweeps.</summary>
    public static async Task<SweptDatabase> StartAsync(
        PostgresServer server, string name, IReadOnlyList<SchemaPattern> patterns, KeeperLog log, TimeProvider time, CancellationToken cancellationToken)
    {
        var database = new SweptDatabase(server, name, patterns, log, time, await SweepLock.OpenAsync(server, name, cancellationToken));
        try
        {
            await database.StartAsync(cancellationToken);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sweeps when no other session is alive here: whichever lets go last finds nobody.</summary>
    public async Task EndAsync()
    {
        // A token of its own: the sweep is what has to happen although everything else was cancelled.
        using var timeLimit = new CancellationTokenSource(EndTimeLimit, time);
        try
        {
            await alive.LeaveSharedAsync(timeLimit.Token);
            if (await alive.TryTakeAloneAsync(timeLimit.Token))
                await SweepAsync("end", timeLimit.Token);
            else
                log.SchemasLeftToOthers(name);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            log.Failed(new SchemaIsolationException("SI3004", $"The schemas in database \"{name}\" could not all be swept; the next session's start drops what is left: {exception.Message}", exception));
        }
    }

    public ValueTask DisposeAsync() => alive.DisposeAsync();

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!await alive.TryTakeAloneAsync(cancellationToken) && !await TryTakeAloneAfterOthersAsync(cancellationToken))
        {
            log.SchemasLeftToOthers(name);
            await ShareAsync(cancellationToken);
            return;
        }

        // Shared before alone is let go: in between another session could sweep what these tests have begun to make.
        await SweepAsync("start", cancellationToken);
        await ShareAsync(cancellationToken);
        await alive.LeaveAloneAsync(cancellationToken);
    }

    // Who sweeps may die over it and leave the rest: shared is to be had once that is over, and then nobody alive has it alone.
    private async Task<bool> TryTakeAloneAfterOthersAsync(CancellationToken cancellationToken)
    {
        await ShareAsync(cancellationToken);
        await alive.LeaveSharedAsync(cancellationToken);
        return await alive.TryTakeAloneAsync(cancellationToken);
    }

    private Task ShareAsync(CancellationToken cancellationToken) => WatchAsync(alive.ShareAsync(cancellationToken), () => log.SchemaSweepWaits(name));

    private async Task SweepAsync(string when, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        var sweep = new SchemaSweep(server, name, patterns);
        var running = sweep.RunAsync(cancellationToken);
        await WatchAsync(running, () => log.SchemaSweepGoesOn(name, sweep.Progress.Dropped, sweep.Progress.Kept, sweep.Progress.Found));
        var result = await running;

        var elapsed = time.GetElapsedTime(start);
        log.SchemasSwept(name, result.Dropped, result.Kept.Count, elapsed);
        if (result.Kept.Count > 0)
            log.SchemasKept(name, [.. result.Kept.Select(schema => schema.Name)], result.Kept[0].Reason);
        sweeps.Add(new ReportedSweep(name, when, result.Dropped, [.. result.Kept.Select(schema => new ReportedSchema(schema.Name, schema.Reason))], elapsed.TotalMilliseconds));
    }

    private async Task WatchAsync(Task work, Action onProgress)
    {
        while (await Task.WhenAny(work, Task.Delay(ProgressInterval, time)) != work)
            onProgress();
        await work;
    }
}
