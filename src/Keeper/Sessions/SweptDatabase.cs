using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>One database in which suites make schemas of their own, from when this session says that it is alive there.</summary>
internal sealed class SweptDatabase : IAsyncDisposable
{
    private static readonly TimeSpan CutOffTimeLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);
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
    public Task StartAsync(CancellationToken cancellationToken)
        => RetryAsync(
            async () =>
            {
                var claim = await OpenClaimAsync(cancellationToken);
                try
                {
                    await EnterGateAsync(claim, cancellationToken);

                    // Shared before alone is let go: in between another session could sweep what these tests have begun to make.
                    var isSwept = await TrySweepAsync(claim, "start", cancellationToken);
                    await claim.ShareAsync(cancellationToken);
                    if (isSwept)
                        await claim.LeaveAloneAsync(cancellationToken);
                    await claim.LeaveGateAsync(cancellationToken);
                }
                catch
                {
                    await claim.DisposeAsync();
                    throw;
                }

                alive = new KeptLock<SweepLock>(claim, TryRetakeAsync, elapsed => log.SchemaLockRetaken(Name, elapsed));
            },
            cancellationToken);

    /// <summary>Sweeps when no other session is alive here: whichever lets go last finds nobody.</summary>
    /// <param name="patience">How long to wait for tests that are still at work here.</param>
    public async Task EndAsync(TimeSpan patience)
    {
        // A token of its own: the sweep is what has to happen although everything else was cancelled.
        using var timeLimit = new CancellationTokenSource(EndTimeLimit, time);
        try
        {
            await RetryAsync(
                async () =>
                {
                    if (patience > TimeSpan.Zero)
                        await Poll.UntilAsync(() => server.Postgres.IsQuietAsync(Name, timeLimit.Token), BusyPollInterval, patience, timeLimit.Token);

                    // What is not held any more has to be asked for anew, and shares nothing.
                    await using var claim = await alive!.StopAsync() ?? await OpenClaimAsync(timeLimit.Token);
                    await EnterGateAsync(claim, timeLimit.Token);
                    await claim.LeaveSharedAsync(timeLimit.Token);
                    await TrySweepAsync(claim, "end", timeLimit.Token);
                },
                timeLimit.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or SchemaIsolationException or OperationCanceledException)
        {
            log.Failed(new SchemaIsolationException("SI3004", $"The schemas in database \"{Name}\" could not all be swept; the next session's start drops what is left: {exception.Message}", exception));
        }
    }

    /// <summary>The schemas that match, whoever is alive here.</summary>
    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken) => NewSweep().FindAsync(cancellationToken);

    /// <summary>Sweeps without a session: what matches is dropped, or listed, unless a session is alive here.</summary>
    /// <returns>What a dry run would drop.</returns>
    /// <exception cref="SchemaIsolationException">SI1108, SI1109: the server refused a statement or a connection.</exception>
    public async Task<IReadOnlyList<string>> SweepAsync(bool isDryRun, CancellationToken cancellationToken)
    {
        try
        {
            return await SweepOnceAsync(isDryRun, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw ServerFailure.OnStatement($"Sweeping the schemas in database \"{Name}\"", exception);
        }
    }

    public ValueTask DisposeAsync() => alive?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<IReadOnlyList<string>> SweepOnceAsync(bool isDryRun, CancellationToken cancellationToken)
    {
        await using var claim = await OpenClaimAsync(cancellationToken);
        await EnterGateAsync(claim, cancellationToken);
        if (!isDryRun)
        {
            await TrySweepAsync(claim, "command", cancellationToken);
            return [];
        }

        if (await claim.TryTakeAloneAsync(cancellationToken))
            return await NewSweep().FindAsync(cancellationToken);
        log.SchemasLeftToOthers(Name);
        return [];
    }

    private async Task<bool> TrySweepAsync(SweepLock claim, string when, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        if (await TrySweepAsync(claim, cancellationToken) is not { } result)
        {
            log.SchemasLeftToOthers(Name);
            return false;
        }

        var elapsed = time.GetElapsedTime(start);
        log.SchemasSwept(Name, result.Dropped, result.Kept.Count, elapsed);
        if (result.Kept.Count > 0)
            log.SchemasKept(Name, [.. result.Kept.Select(schema => schema.Name)], result.Kept[0].Reason);
        sweeps.Add(new ReportedSweep(Name, when, result.Dropped, [.. result.Kept.Select(schema => new ReportedSchema(schema.Name, schema.Reason))], elapsed.TotalMilliseconds));
        return true;
    }

    /// <returns>Null when a session is alive here.</returns>
    private async Task<SchemaSweepResult?> TrySweepAsync(SweepLock claim, CancellationToken cancellationToken)
    {
        if (!await claim.TryTakeAloneAsync(cancellationToken))
            return null;

        // What appears after this look was made by somebody who is alive.
        var sweep = NewSweep();
        if ((await sweep.FindAsync(cancellationToken)).Count == 0)
            return new SchemaSweepResult(0, []);

        await claim.LeaveAloneAsync(cancellationToken);
        await SecondLook.WaitAsync(cancellationToken);
        return await claim.TryTakeAloneAsync(cancellationToken) ? await RunAsync(sweep, claim, cancellationToken) : null;
    }

    /// <summary>Only while the claim is held: another session that gets it may begin to make schemas.</summary>
    private async Task<SchemaSweepResult> RunAsync(SchemaSweep sweep, SweepLock claim, CancellationToken cancellationToken)
    {
        using var watching = new CancellationTokenSource();
        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var loss = claim.WaitForLossAsync(watching.Token).ContinueWith(
            wait => wait.IsCompletedSuccessfully ? held.CancelAsync() : Task.CompletedTask, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap();
        try
        {
            var running = sweep.RunAsync(held.Token);
            await Progress.WatchAsync(running, () => log.SchemaSweepGoesOn(Name, sweep.Progress.Dropped, sweep.Progress.Kept, sweep.Progress.Found), time);
            return await running;
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new NpgsqlException("The server cut the sweep off.", exception);
        }
        finally
        {
            await watching.CancelAsync();
            await loss;
        }
    }

    private async Task<SweepLock?> TryRetakeAsync(CancellationToken cancellationToken)
    {
        await server.RecoverAsync(cancellationToken);
        var claim = await OpenClaimAsync(cancellationToken);
        try
        {
            await claim.ShareAsync(cancellationToken);
            return claim;
        }
        catch
        {
            await claim.DisposeAsync();
            throw;
        }
    }

    /// <summary>Once more, as long as it is the connection that fails and not the statement.</summary>
    private async Task RetryAsync(Func<Task> attemptAsync, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                await attemptAsync();
                return;
            }
            catch (NpgsqlException exception) when (ServerFailure.IsCutOff(exception) && time.GetElapsedTime(start) < CutOffTimeLimit)
            {
                await Task.Delay(RetryInterval, cancellationToken);
                await server.RecoverAsync(cancellationToken);
            }
        }
    }

    private Task<SweepLock> OpenClaimAsync(CancellationToken cancellationToken) => SweepLock.OpenAsync(server.Postgres, Name, cancellationToken);

    // A session that has its slots in this database drops them itself.
    private SchemaSweep NewSweep()
        => new(server.Postgres, Name, schema => SchemaName.SessionOf(schema) is null && patterns.Any(pattern => pattern.Matches(schema)));

    private Task EnterGateAsync(SweepLock claim, CancellationToken cancellationToken)
        => Progress.WatchAsync(claim.EnterGateAsync(cancellationToken), () => log.SchemaSweepWaits(Name), time);
}
