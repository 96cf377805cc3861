using System.Globalization;
using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Slots;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>Tells, in the report and the log, what tests left and which of them did.</summary>
/// <param name="records">All leases of the session.</param>
/// <param name="connections">Open connections, by the number of the lease.</param>
/// <param name="objects">What was made outside the leased schemas.</param>
internal sealed class Leaks(
    IReadOnlyList<LeaseRecord> records, IReadOnlyDictionary<int, OpenConnections> connections, IReadOnlyList<OutsideObject> objects)
{
    private readonly Dictionary<int, string> tests = records.ToDictionary(record => record.Number, record => record.Test);

    // What was there before any lease, nobody made.
    private readonly IReadOnlyList<OutsideObject> made = [.. objects.Where(found => found.Leases.Count > 0)];

    /// <summary>In the order of the leases.</summary>
    public IReadOnlyList<ReportedLeak> Describe()
        => [.. Unreleased().Concat(Connections()).Concat(Objects()).OrderBy(leak => leak.Leases[0])];

    public void Warn(KeeperLog log)
    {
        var inTransaction = connections.Where(lease => lease.Value.InTransaction > 0).Select(lease => lease.Key).Order().ToList();
        if (inTransaction.Count > 0)
            log.TransactionsLeft(inTransaction.Count, Tests(inTransaction));
        if (made.Count > 0)
        {
            log.ObjectsMadeOutside(
                [.. made.Select(found => found.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                Tests(made.SelectMany(found => found.Leases).Distinct().Order()));
        }
    }

    private IEnumerable<ReportedLeak> Unreleased()
        => records.Where(record => !record.IsReleased).Select(record => Leak(LeakKind.Lease, [record.Number], "The lease was never released."));

    private IEnumerable<ReportedLeak> Connections()
        => connections.Select(lease => lease.Value.InTransaction > 0
            ? Leak(LeakKind.Transaction, [lease.Key], string.Create(CultureInfo.InvariantCulture, $"Connections open at the release: {lease.Value.Count}, of them in a transaction: {lease.Value.InTransaction}."))
            : Leak(LeakKind.Connection, [lease.Key], string.Create(CultureInfo.InvariantCulture, $"Connections open at the release, all idle: {lease.Value.Count}.")));

    private IEnumerable<ReportedLeak> Objects()
        => made.GroupBy(found => (found.Database, Leases: string.Join(',', found.Leases)))
            .Select(group => Leak(
                LeakKind.Object,
                group.First().Leases,
                $"Made outside the leased schema in {group.Key.Database}{(group.First().Leases.Count > 1 ? " by one of these tests" : string.Empty)}: {string.Join(", ", group.Select(found => found.Name))}."));

    private ReportedLeak Leak(LeakKind kind, IReadOnlyList<int> leases, string what) => new(kind, Tests(leases), leases, what);

    private IReadOnlyList<string> Tests(IEnumerable<int> leases) => [.. leases.Select(lease => tests[lease]).Distinct(StringComparer.Ordinal)];
}
