using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>One run of one collector: introduces the parts to each other, and ends them in order.</summary>
internal sealed class Session
{
    // Test processes can outlive the end that VSTest reports, by the test that is running.
    private static readonly TimeSpan LeaseGrace = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LookTimeLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepTimeLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SweepRetryInterval = TimeSpan.FromMilliseconds(250);

    private readonly SessionId id = SessionId.New();
    private readonly Options options;
    private readonly KeeperLog log;
    private readonly TimeProvider time;
    private readonly SessionDirectory directory;
    private readonly LeaseTable table;
    private readonly SlotReturns returns;
    private readonly ConnectionLeaks connectionLeaks = new();
    private readonly LeaseDesk desk;
    private readonly LeaseEndpoint endpoint;
    private readonly SessionFindings findings;
    private readonly Injection injection;
    private readonly CancellationTokenSource ending = new();
    private readonly Task<SweptDatabases> sweeping;
    private readonly Task<Provision> provisioning;

    private Session(Options options, KeeperLog log, TimeProvider time)
    {
        this.options = options;
        this.log = log;
        this.time = time;
        directory = SessionDirectory.Create();
        table = new LeaseTable(options.LeaseTimeout, time);
        returns = new SlotReturns(time);
        findings = new SessionFindings(id, options, log, time);
        FailedTests = options.KeepFailed > 0 ? new FailedTests(id, options, returns, directory.Report, log, time) : null;
        desk = new LeaseDesk(table, returns, connectionLeaks, directory.Leases, FailedTests, time);
        endpoint = LeaseEndpoint.Listen(directory.Endpoint, LeaseAsync, DefineAsync, exception => log.Failed(Defect.Describe(exception)));
        injection = new Injection(options, log, time);
        sweeping = SweptDatabases.StartAsync(options, log, time, ending.Token);
        provisioning = ProvisionAsync();
    }

    /// <summary>What the test process needs to lease from this session, and what it finds without a lease once tests may start.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables =>
    [
        new(SessionVariables.IdVariable, id.Text),
        new(SessionVariables.EndpointVariable, endpoint.Path),
        new(SessionVariables.TokenVariable, endpoint.Token),
        new(SessionVariables.RefusalVariable, string.Empty), // One inherited from an outer run is not about this session.
        .. injection.Variables,
    ];

    /// <summary>To be told of each test; null where nothing is kept.</summary>
    public FailedTests? FailedTests { get; }

    /// <summary>Listens at once, and provisions while the test host starts: leases wait for it.</summary>
    /// <exception cref="SchemaIsolationException">SI1004: there is no place for the session on disk.</exception>
    public static Session Start(Options options, KeeperLog log, TimeProvider time) => new(options, log, time);

    /// <summary>Until nothing of dead sessions is left in the databases where suites make their own schemas, and the database that is injected is made; or either has failed.</summary>
    /// <remarks>Done at once in a session that does neither. A failure refuses the session's leases; it is not thrown here.</remarks>
    public Task WaitUntilTestsMayStartAsync() => Task.WhenAll(Task.WhenAny(sweeping), injection.WaitAsync());

    /// <summary>Until leases are granted.</summary>
    /// <exception cref="SchemaIsolationException">Why there will be none.</exception>
    public Task WaitUntilProvisionedAsync(CancellationToken cancellationToken) => provisioning.WaitAsync(cancellationToken);

    /// <summary>Ends the leases, drops everything of the session, counts what is left, and leaves the server.</summary>
    /// <returns>What happened.</returns>
    /// <param name="isOrphaned">Whether the tests may still be running, because whoever would have told of their end is gone.</param>
    public async Task<SessionReport> EndAsync(bool isOrphaned = false)
    {
        var graceStart = time.GetTimestamp();
        var cut = await endpoint.StopAsync(LeaseGrace);
        if (cut > 0)
            log.LeasesCut(cut, [.. table.Records.Where(record => !record.IsReleased).Select(record => record.Test)]);

        if (FailedTests is not null)
            await FailedTests.FinishAsync(); // Before nothing can be made any more: it compares with a slot.
        var patience = isOrphaned ? LeaseGrace - time.GetElapsedTime(graceStart) : TimeSpan.Zero;
        var start = time.GetTimestamp();
        await ending.CancelAsync();
        try
        {
            var (server, counts) = await SweepAsync();
            var sweeps = await EndSweepsAsync(patience);
            if (directory.Delete() is { } failure)
                log.DirectoryNotDeleted(failure);
            log.Ended(counts.Leases, counts.Made, counts.Dropped, findings.Kept.Count, counts.Left, time.GetElapsedTime(start));
            return findings.Report(server, counts, injection.Describe(), table.Records, sweeps, time.GetElapsedTime(start));
        }
        finally
        {
            await LeaveServerAsync();
            table.Dispose();
        }
    }

    /// <summary>What is left to do for an embedded server once everybody was told of the end: it may be kept for a while.</summary>
    /// <param name="ending">Ends the wait.</param>
    public async Task SettleAsync(CancellationToken ending)
    {
        if (provisioning.IsCompletedSuccessfully)
            await (await provisioning).SettleAsync(ending);
    }

    private async Task<ActiveLease> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        var provision = await provisioning.WaitAsync(cancellationToken);
        await WaitForServerAsync(provision, cancellationToken);
        try
        {
            return await desk.LeaseAsync(request, provision.Slots, cancellationToken);
        }
        catch (SchemaIsolationException exception) when (exception.InnerException is NpgsqlException cause && ServerFailure.IsCutOff(cause))
        {
            // Once more on new connections: a slot that was half made has another name, and goes with the session.
            provision.Postgres.ForgetConnections();
            await WaitForServerAsync(provision, cancellationToken);
            return await desk.LeaseAsync(request, provision.Slots, cancellationToken);
        }
    }

    private async Task DefineAsync(LeaseRequest request, Func<string, CancellationToken, Task> buildAsync, CancellationToken cancellationToken)
    {
        var provision = await provisioning.WaitAsync(cancellationToken);
        await WaitForServerAsync(provision, cancellationToken);
        await provision.Slots.DefineAsync(request, buildAsync, cancellationToken);
    }

    private async Task WaitForServerAsync(Provision provision, CancellationToken cancellationToken)
    {
        using var timeLimit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeLimit.CancelAfter(options.LeaseTimeout);
        try
        {
            await provision.WaitUntilHeldAsync(timeLimit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SchemaIsolationException("SI1110", $"The server at \"{provision.Postgres.Address}\" cut the session off, and has been out of reach for {options.LeaseTimeout:c}. See the server's log; the session goes on as soon as the server answers.");
        }
    }

    private async Task<Provision> ProvisionAsync()
    {
        await Task.Yield();
        try
        {
            await sweeping;
            var provision = await Provision.StartAsync(options, id, log, time, injection, findings.OnTemplate, findings.OnIsolation, () => table.MostAtOnce + (FailedTests?.Places ?? 0), ending.Token);
            table.Open(provision.Budget.Places);
            return provision;
        }
        catch (OperationCanceledException)
        {
            // The session has ended before it had started.
            injection.Refuse(reason: null);
            throw;
        }
        catch (Exception exception)
        {
            // Whatever it is, each lease is refused with it: nothing else would tell the tests that there is no session.
            var failure = exception switch
            {
                SchemaIsolationException coded => coded,
                NpgsqlException answered => ServerFailure.OnStatement("Starting the session", answered),
                _ => Defect.Describe(exception),
            };
            log.Failed(failure);
            injection.Refuse(failure);
            throw failure;
        }
    }

    private async Task<(ReportedServer? Server, ReportedCounts Counts)> SweepAsync()
    {
        Provision provision;
        try
        {
            provision = await provisioning;
        }
        catch (Exception exception) when (exception is SchemaIsolationException or OperationCanceledException)
        {
            // Reported when it happened; a session that did not start has made nothing.
            await returns.DisposeAsync();
            return (null, new ReportedCounts(0, 0, 0, 0));
        }

        await provision.Slots.CloseAsync();
        await returns.DisposeAsync();
        foreach (var failure in returns.Failures)
            log.SlotNotDropped(failure);
        await DescribeLeaksAsync(provision);
        findings.Retired = provision.Slots.Retired;
        findings.Returns = returns.Done;
        findings.FailedTests = FailedTests;
        await provision.Slots.DisposeAsync();
        return (provision.Describe(), await DropAndCountAsync(provision));
    }

    // Last: what suites make themselves is on the same server.
    private async Task LeaveServerAsync()
    {
        if (provisioning.IsCompletedSuccessfully)
            await (await provisioning).DisposeAsync();
    }

    private async Task DescribeLeaksAsync(Provision provision)
    {
        try
        {
            // A token of its own, and a short one: the sweep must not wait for it.
            using var timeLimit = new CancellationTokenSource(LookTimeLimit);
            await connectionLeaks.FinishAsync(timeLimit.Token);
            await provision.Slots.LookAtRestAsync(timeLimit.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            // What was seen before is told; the sweep says what is the matter with the server.
        }
        catch (Exception exception)
        {
            // What looks for leaks must not keep the sweep from what they are.
            log.Failed(Defect.Describe(exception));
        }

        var found = new Leaks(table.Records, connectionLeaks.Found, provision.Slots.Outside.Found);
        findings.Leaks = found.Describe();
        found.Warn(log);
    }

    private async Task<ReportedCounts> DropAndCountAsync(Provision provision)
    {
        IReadOnlyList<string> left;
        var isSwept = false;
        try
        {
            // A token of its own: the sweep is what has to happen although everything else was cancelled.
            using var timeLimit = new CancellationTokenSource(SweepTimeLimit);
            (left, var failures) = await SweepUntilAnsweredAsync(provision, timeLimit.Token);
            isSwept = true;
            if (left.Count > 0)
                log.Left(left, failures);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            log.Failed(new SchemaIsolationException("SI3004", $"The session could not be swept; the next session's start, or the keeper's command \"sweep\", drops what is left: {exception.Message}", exception));
            left = [.. provision.Slots.SlotsMade.Keys];
        }

        var made = provision.Slots.SlotsMade;
        return new ReportedCounts(
            Leases: table.Records.Count,
            Made: made.Values.Sum(),
            Dropped: made.Where(slots => !left.Contains(slots.Key, StringComparer.Ordinal)).Sum(slots => slots.Value) - (isSwept ? findings.Kept.Count : 0),
            Left: left.Count);
    }

    private static async Task<(IReadOnlyList<string> Left, IReadOnlyList<string> Failures)> SweepUntilAnsweredAsync(
        Provision provision, CancellationToken cancellationToken)
    {
        while (true)
        {
            await provision.WaitUntilHeldAsync(cancellationToken);
            try
            {
                return await provision.Slots.SweepAsync(cancellationToken);
            }
            catch (NpgsqlException)
            {
                // The server restarts, or has no connection left: until the time limit it may answer again.
                await Task.Delay(SweepRetryInterval, cancellationToken);
            }
        }
    }

    // Apart from the rest: tests made their schemas even when no lease could be had.
    private async Task<IReadOnlyList<ReportedSweep>> EndSweepsAsync(TimeSpan patience)
    {
        if (!sweeping.IsCompletedSuccessfully)
            return [];

        await using var databases = await sweeping;
        await databases.EndAsync(patience);
        return databases.Sweeps;
    }
}
