using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>What is found out while a session runs, and goes into its report.</summary>
internal sealed class SessionFindings(SessionId id, Options options, KeeperLog log, TimeProvider time)
{
    private readonly DateTimeOffset startedAt = time.GetUtcNow();
    private readonly List<ReportedTemplate> templates = [];
    private readonly List<ReportedIsolation> isolation = [];

    /// <summary>What tests left.</summary>
    public IReadOnlyList<ReportedLeak> Leaks { get; set; } = [];

    /// <summary>The slots that were taken out of use.</summary>
    public IReadOnlyCollection<RetiredSlot> Retired { get; set; } = [];

    /// <summary>What became of slots after their leases.</summary>
    public IReadOnlyCollection<SlotReturn> Returns { get; set; } = [];

    /// <summary>Null when nobody is told of tests.</summary>
    public FailedTests? FailedTests { get; set; }

    /// <summary>What is kept of failed tests.</summary>
    public IReadOnlyCollection<ReportedKept> Kept => FailedTests?.Kept ?? [];

    /// <summary>A template can be copied.</summary>
    public void OnTemplate(string name, Template template)
    {
        var database = template.Name.ToString();
        var kind = template.Kind.ToString().ToLowerInvariant();
        log.TemplateReady(name, database, kind, template.IsReused, template.Elapsed);
        lock (templates)
            templates.Add(new ReportedTemplate(database, name, kind, template.IsReused, template.Elapsed.TotalMilliseconds, Describe(template.Migrations ?? [])));
    }

    /// <summary>It is known what leases of schemas get.</summary>
    public void OnIsolation(string template, IsolationChoice choice)
    {
        if (choice.Refusal is not null)
            log.SchemasRefused(template, choice.Refusal, choice.Kind == TemplateKind.Database);
        lock (isolation)
            isolation.Add(new ReportedIsolation(template, options.Isolation.ToString(), choice.Kind.ToString(), choice.Refusal?.Message));
    }

    /// <param name="server">Null when none could be had.</param>
    /// <param name="counts">Of slots, at the end.</param>
    /// <param name="injected">Null when nobody asked for it.</param>
    /// <param name="leases">Who held what.</param>
    /// <param name="sweeps">Of databases where suites make their own schemas.</param>
    /// <param name="sweep">How long the end took.</param>
    public SessionReport Report(
        ReportedServer? server, ReportedCounts counts, ReportedInjection? injected, IReadOnlyList<LeaseRecord> leases, IReadOnlyList<ReportedSweep> sweeps, TimeSpan sweep)
    {
        var retired = Retired.Select(slot => slot.Lease).ToHashSet();
        return new()
        {
            Session = id.Text,
            Project = options.ProjectDirectory,
            StartedAt = startedAt,
            EndedAt = time.GetUtcNow(),
            SweepMilliseconds = sweep.TotalMilliseconds,
            Server = server,
            Isolation = [.. isolation],
            Injected = injected,
            Templates = [.. templates],
            Counts = counts,
            Leases = [.. leases.Select(record => new ReportedLease(
                record.Number,
                record.Test,
                record.Kind.ToString().ToLowerInvariant(),
                record.Content.ToString(),
                record.Slot,
                record.LeasedAt,
                record.Waited.TotalMilliseconds,
                record.Held?.TotalMilliseconds,
                record.IsReleased,
                record.DirtiedBy,
                FailedTests?.OutcomeOf(record.Number, record.Test)))],
            Leaks = Leaks,
            Retired = [.. Retired.OrderBy(slot => slot.Lease).Select(slot => new ReportedRetirement(
                slot.Slot, slot.Lease, leases.FirstOrDefault(record => record.Number == slot.Lease)?.Test ?? string.Empty, slot.Reason))],
            Resets = [.. Returns.OrderBy(slot => slot.StartedAt + slot.Elapsed).Select(slot => new ReportedReset(
                slot.Slot, slot.Lease, slot.StartedAt, slot.Elapsed.TotalMilliseconds, OutcomeOf(slot, retired), slot.Next))],
            Kept = [.. Kept.OrderBy(kept => kept.Lease)],
            Sweeps = sweeps,
            Log = log.Entries,
        };
    }

    // A file is run once into each copy of a schema: what it costs is all of these together.
    private static IReadOnlyList<ReportedMigration> Describe(IReadOnlyList<MigrationTiming> timings)
        => [.. timings.GroupBy(timing => timing.Name, StringComparer.Ordinal).Select(file => new ReportedMigration(file.Key, file.Count(), new TimeSpan(file.Sum(run => run.Elapsed.Ticks)).TotalMilliseconds))];

    private static ResetOutcome OutcomeOf(SlotReturn slot, HashSet<int> retired) => slot switch
    {
        { IsFailed: true } => ResetOutcome.Failed,
        { Next: not null } => ResetOutcome.Ready,
        _ => retired.Contains(slot.Lease) ? ResetOutcome.Retired : ResetOutcome.Dropped,
    };
}
