namespace SchemaIsolation.Keeper.Reporting;

internal enum LeakKind
{
    /// <summary>A lease that was never released: it ended with its process, or with the session.</summary>
    Lease,

    /// <summary>Connections that were open at the release, and idle, as a pool keeps them.</summary>
    Connection,

    /// <summary>Connections that were open at the release, and in a transaction.</summary>
    Transaction,

    /// <summary>Something made outside the leased schema, where other tests meet it.</summary>
    Object,
}

/// <param name="Kind">What kind of thing was left.</param>
/// <param name="Tests">The test that did it; of several, one did.</param>
/// <param name="Leases">Their leases' numbers.</param>
/// <param name="What">What was left.</param>
internal sealed record ReportedLeak(LeakKind Kind, IReadOnlyList<string> Tests, IReadOnlyList<int> Leases, string What);
