using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>What a session stands on once it has started: server, lock, templates, slots.</summary>
internal sealed class Provision : IAsyncDisposable
{
    private readonly SessionServer server;
    private readonly TimeSpan keep;
    private readonly SessionLock alive;
    private readonly SessionTemplates templates;
    private readonly Task background;

    private Provision(SessionServer server, TimeSpan keep, SessionLock alive, ConnectionBudget budget, SessionTemplates templates, SessionSlots slots, Task background)
    {
        Budget = budget;
        this.server = server;
        this.keep = keep;
        this.alive = alive;
        this.templates = templates;
        this.background = background;
        Slots = slots;
    }

    public PostgresServer Postgres => server.Postgres;

    public SessionSlots Slots { get; }

    public ConnectionBudget Budget { get; }

    /// <summary>Waits until the session's lock is held, as it is unless the server has cut us off.</summary>
    public Task WaitUntilHeldAsync(CancellationToken cancellationToken) => alive.WaitUntilHeldAsync(cancellationToken);

    public ReportedServer Describe()
        => new(Postgres.Address.ToString(), Postgres.Description.Version, server.IsEmbedded, Postgres.Description.IsDurable);

    /// <summary>Takes the session's lock before anything of it exists, sweeps beside the rest, and has the template ready at its end.</summary>
    public static async Task<Provision> StartAsync(
        Options options, SessionId session, KeeperLog log, TimeProvider time, Injection injection, Action<string, Template> onTemplate, Action<string, IsolationChoice> onChosen, Func<int> mostAtOnce, CancellationToken ending)
    {
        var start = TimeProvider.System.GetTimestamp();
        var sources = TemplateSource.ReadAll(options);
        var server = await SessionServer.OpenAsync(options, time, ending);
        SessionLock? alive = null;
        SessionTemplates? templates = null;
        var sweeping = Task.CompletedTask;
        try
        {
            alive = await SessionLock.TakeAsync(server, session, SessionHolder.Current(options.ProjectDirectory), log, ending);
            log.Started(
                session.Text, server.Postgres.Address.ToString(), server.Postgres.Description.Version, server.IsEmbedded, server.Reason, sources.Values.Sum(source => source.Files.Count), TimeProvider.System.GetElapsedTime(start));
            if (server.DataLost is { } reason)
                log.ServerDataLost(reason);
            if (options.TestRole is { } role)
                await TestRole.EnsureAsync(server.Postgres, role, ending);
            var budget = await ConnectionBudget.ReadAsync(server.Postgres, options, ending);
            templates = new SessionTemplates(sources, source => new TemplateStore(server.Postgres, source, log.MigratorWrote, time), onTemplate);
            SessionSlots slots = server.Postgres.SharedDatabase is null
                ? new SlotsInOwnDatabases(server.Postgres, session, templates, options, budget.PoolSize, mostAtOnce, onChosen, ending)
                : new SlotsInSharedDatabase(server.Postgres, session, sources, options, budget.PoolSize, mostAtOnce, onChosen, log.MigratorWrote, templates.Unknown, ending);
            alive.OnRetaken(slots.ForgetLostAsync);
            sweeping = SweepAsync(server.Postgres, options, sources, log, time, ending);
            await slots.StartAsync(ending);

            // The last that can fail, and it does not fail the rest: what was made is swept by a session that has started.
            await injection.MakeAsync(slots, budget.InjectedPoolSize, ending);
            return new Provision(server, options.KeepServer, alive, budget, templates, slots, Task.WhenAll(sweeping, slots.PrepareAsync()));
        }
        catch
        {
            await sweeping;
            await DisposeAsync(templates, alive, server);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await background;
        }
        finally
        {
            await DisposeAsync(templates, alive);
            await server.LeaveAsync(keep);
        }
    }

    /// <inheritdoc cref="SessionServer.SettleAsync"/>
    public Task SettleAsync(CancellationToken ending) => server.SettleAsync(ending);

    private static async Task DisposeAsync(params IAsyncDisposable?[] parts)
    {
        foreach (var part in parts)
        {
            if (part is not null)
                await part.DisposeAsync();
        }
    }

    private static async Task SweepAsync(PostgresServer server, Options options, IReadOnlyDictionary<string, TemplateSource> sources, KeeperLog log, TimeProvider time, CancellationToken ending)
    {
        var start = TimeProvider.System.GetTimestamp();
        try
        {
            var result = await LeftoverSweep.RunAsync(server, isDryRun: false, ending, time);
            if (result.Dropped.Count + result.Kept.Count > 0)
                log.LeftoversSwept(result.Dropped.Count, result.Kept.Count, TimeProvider.System.GetElapsedTime(start));
            foreach (var failure in result.Failures)
                log.LeftoverNotDropped(failure);
            await CollectTemplatesAsync(new TemplateCollection(server, options, time), [.. sources.Values], log, ending);
        }
        catch (OperationCanceledException)
        {
            // The session was shorter than the sweep; the next one goes on with it.
        }
        catch (Npgsql.NpgsqlException exception)
        {
            log.LeftoverNotDropped(ServerFailure.OnStatement("Sweeping", exception).Reason);
        }

        foreach (var failure in LeftoverDirectories.Sweep(Path.GetTempPath(), isDryRun: false).Failures)
            log.LeftoverNotDropped(failure);
    }

    private static async Task CollectTemplatesAsync(TemplateCollection collection, IReadOnlyList<TemplateSource> own, KeeperLog log, CancellationToken ending)
    {
        var start = TimeProvider.System.GetTimestamp();
        var (dropped, failures) = await collection.RunAsync(own, isDryRun: false, ending);
        if (dropped.Count > 0)
            log.TemplatesCollected([.. dropped.Select(template => template.ToString())], TimeProvider.System.GetElapsedTime(start));
        foreach (var failure in failures)
            log.TemplateNotCollected(failure);
    }
}
