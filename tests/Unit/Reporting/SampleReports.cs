using SchemaIsolation.Keeper.Reporting;

namespace SchemaIsolation.Tests.Unit.Reporting;

/// <summary>Reports as sessions make them.</summary>
internal static class SampleReports
{
    /// <summary>What a test may be called that means harm to a page.</summary>
    public const string Harmful = "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">{{data}}|`*";

    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>No lease and nothing else.</summary>
    public static SessionReport Empty() => new()
    {
        Session = "0a1b2c3d",
        Project = "/src/App.Tests",
        StartedAt = Start,
        EndedAt = Start.AddSeconds(2),
        SweepMilliseconds = 12.5,
        Server = new ReportedServer("db:5432", "15.18", IsEmbedded: false, IsDurable: true),
        Isolation = [],
        Injected = null,
        Templates = [],
        Counts = new ReportedCounts(Leases: 0, Made: 0, Dropped: 0, Left: 0),
        Leases = [],
        Leaks = [],
        Retired = [],
        Resets = [],
        Kept = [],
        Sweeps = [],
        Log = [],
    };

    /// <summary>As many leases on eight slots, each of which has another name in each lease, and nothing amiss.</summary>
    public static SessionReport Of(int leases)
    {
        var random = new Random(7);
        var report = Empty();
        var held = new List<ReportedLease>();
        var resets = new List<ReportedReset>();
        var free = Enumerable.Range(1, 8).Select(slot => (Slot: slot, At: 400 + (slot * 35.0))).ToList();
        for (var number = 1; number <= leases; number++)
        {
            var (slot, at) = free.MinBy(next => next.At);
            var (wait, hold, reset) = (0.15 * Math.Exp(random.NextDouble() * 6), 4 + (random.NextDouble() * 40), 5 + (random.NextDouble() * 6));
            at += wait;
            held.Add(new ReportedLease(number, $"OrderTests.Order_{number}_is_kept", "schema", "Migrated", Name(slot), Start.AddMilliseconds(at), wait, hold, IsReleased: true, DirtiedBy: null));
            var next = 8 + number;
            resets.Add(new ReportedReset(Name(slot), number, Start.AddMilliseconds(at + hold + 1), reset, ResetOutcome.Ready, Name(next)));
            free.RemoveAll(former => former.Slot == slot);
            free.Add((next, at + hold + reset + 3));
        }

        var end = free.Max(slot => slot.At) + 250;
        return report with
        {
            EndedAt = Start.AddMilliseconds(end),
            SweepMilliseconds = 140,
            Server = new ReportedServer("/tmp/.s", "18.4", IsEmbedded: true, IsDurable: false),
            Templates = [new ReportedTemplate("si_t_0123456789abcdef", "default", "schema", IsReused: true, 3, [])],
            Counts = new ReportedCounts(leases, Made: 8, Dropped: 8, Left: 0),
            Leases = held,
            Resets = resets,
            Log = [new LogEntry(Start, LogLevel.Information, "Session 0a1b2c3d started."), new LogEntry(Start.AddMilliseconds(end), LogLevel.Information, "Session ended.")],
        };
    }

    /// <summary>One where much is amiss, after twelve others.</summary>
    public static SessionReport Troubled()
    {
        var report = Of(200);
        var leases = report.Leases.ToList();
        leases[20] = leases[20] with { Test = Harmful, DirtiedBy = Harmful };
        leases[60] = leases[60] with { IsReleased = false, HeldMilliseconds = 300 };
        leases[90] = leases[90] with { Outcome = "Failed" };
        leases[^1] = leases[^1] with { IsReleased = false, HeldMilliseconds = null };
        var resets = report.Resets.ToList();
        resets[120] = resets[120] with { Outcome = ResetOutcome.Retired, Next = null };
        return report with
        {
            Templates =
            [
                new ReportedTemplate("si_t_0123456789abcdef", "default", "schema", IsReused: false, 842, [new ReportedMigration("0001_packs.sql", 2, 31.2), new ReportedMigration("0002_rules.sql", 2, 412.9)]),
                new ReportedTemplate("si_t_fedcba9876543210", "catalogue", "database", IsReused: true, 4, []),
            ],
            Counts = report.Counts with { Made = 9, Dropped = 6, Left = 3 },
            Leases = leases,
            Resets = resets,
            Leaks =
            [
                new ReportedLeak(LeakKind.Transaction, [Harmful], [21], "Connections open at the release: 2, of them in a transaction: 1."),
                new ReportedLeak(LeakKind.Lease, [leases[60].Test], [61], "The lease was never released."),
            ],
            Retired = [new ReportedRetirement(resets[120].Slot, 121, leases[120].Test, "it changed table \"orders\", which has a GiST index")],
            Sweeps = [new ReportedSweep("app_test", "start", 3, [new ReportedSchema("test_1", "Somebody is connected <to it>.")], 7)],
            Log =
            [
                .. report.Log,
                new LogEntry(report.EndedAt, LogLevel.Warning, $"SI2007: 1 leases left connections in a transaction when they were released. Left by \"{Harmful}\"."),
                new LogEntry(report.EndedAt, LogLevel.Error, "SI3001: 3 databases or schemas of the session are left on the server: si_d_0a1b2c3d_1, si_d_0a1b2c3d_2, si_d_0a1b2c3d_3."),
            ],
            EarlierRuns = [.. Enumerable.Range(1, 12).Select(number => Run(number, leases: 200))],
        };
    }

    public static ReportedRun Run(int number, int leases) => new()
    {
        Session = $"{number:x8}",
        StartedAt = Start.AddDays(number - 20),
        SuiteMilliseconds = 1_500 + (number * 20),
        Leases = leases,
        WaitedMedianMilliseconds = 2 + (number * 0.1),
        WaitedP95Milliseconds = 30 + number,
        Made = 8,
        Retired = 0,
        Left = 0,
    };

    private static string Name(int number) => $"si_d_0a1b2c3d_{number}";
}
