using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Slots;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>The database that this run's tests find without a lease, in variables that the project names.</summary>
internal sealed class Injection
{
    // What the run is refused with when the keeper dies before it has said more.
    private const string KeeperGone = "SI1003";
    private const string SessionEnded = "SI2002";

    private readonly Options options;
    private readonly KeeperLog log;
    private readonly TimeProvider time;
    private readonly long start;
    private readonly TaskCompletionSource settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IReadOnlyList<KeyValuePair<string, string>> variables;
    private string? database;

    public Injection(Options options, KeeperLog log, TimeProvider time)
    {
        this.options = options;
        this.log = log;
        this.time = time;
        start = time.GetTimestamp();
        variables = InjectedValues.Nowhere(options.Inject, KeeperGone);
        if (options.Inject.Count == 0)
            settled.SetResult();
    }

    /// <summary>They lead nowhere until the database is made, and when it cannot be: without them tests would find what their own settings name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Variables => variables;

    /// <summary>Until the variables say what they will say for good; the log says meanwhile that it goes on.</summary>
    public Task WaitAsync() => Progress.WatchAsync(settled.Task, () => log.InjectionGoesOn(Names, time.GetElapsedTime(start)), time);

    /// <summary>Makes the database, or says why it cannot be made, which is no reason to refuse leases. Nothing when nobody asks for it.</summary>
    public async Task MakeAsync(SessionSlots slots, int poolSize, CancellationToken ending)
    {
        if (options.Inject.Count == 0)
            return;

        var making = time.GetTimestamp();
        try
        {
            var made = await slots.MakeUnleasedAsync(ending);
            database = made.ToString();
            variables = InjectedValues.Of(options.Inject, Connection(slots, made, poolSize));
            log.Injected(database, Names, time.GetElapsedTime(making));
            settled.SetResult();
        }
        catch (SchemaIsolationException exception)
        {
            log.Failed(exception);
            Refuse(exception);
        }
        catch (OperationCanceledException)
        {
            Refuse(reason: null);
        }
    }

    /// <summary>Says that there will be no database.</summary>
    /// <param name="reason">Null when the session has ended before.</param>
    public void Refuse(SchemaIsolationException? reason)
    {
        variables = InjectedValues.Nowhere(options.Inject, reason?.Code ?? SessionEnded);
        settled.TrySetResult();
    }

    /// <returns>Null when nobody asked for it.</returns>
    public ReportedInjection? Describe() => options.Inject.Count == 0 ? null : new ReportedInjection(database, Names);

    private NpgsqlConnectionStringBuilder Connection(SessionSlots slots, Slot made, int poolSize)
    {
        var builder = slots.Connection(made, slots.AddressOfUnleased(made), LeaseNames.ApplicationOfProject(options.ProjectDirectory), poolSize);
        builder.Username ??= slots.Server.Description.Role; // Whoever reads one part of the address needs it.
        return builder;
    }

    private IReadOnlyList<string> Names => [.. options.Inject.Select(variable => variable.Name)];
}
