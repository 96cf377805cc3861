namespace SchemaIsolation.Keeper.Reporting;

/// <summary>What is kept of a run, for the reports of later ones to compare with.</summary>
internal sealed record ReportedRun
{
    public required string Session { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From the start of the session to its end.</summary>
    public required double SuiteMilliseconds { get; init; }

    public required int Leases { get; init; }

    /// <summary>Half of the leases waited no longer; null when there was none.</summary>
    public required double? WaitedMedianMilliseconds { get; init; }

    /// <summary>Of a hundred leases 95 waited no longer; null when there was none.</summary>
    public required double? WaitedP95Milliseconds { get; init; }

    /// <summary>Slots made, used or not.</summary>
    public required int Made { get; init; }

    /// <summary>Slots that were not used again.</summary>
    public required int Retired { get; init; }

    /// <summary>What the server still listed at the end.</summary>
    public required int Left { get; init; }

    public static ReportedRun Of(SessionReport report)
    {
        var waits = Percentiles.Of(report.Leases.Select(lease => lease.WaitedMilliseconds));
        return new ReportedRun
        {
            Session = report.Session,
            StartedAt = report.StartedAt,
            SuiteMilliseconds = (report.EndedAt - report.StartedAt).TotalMilliseconds,
            Leases = report.Counts.Leases,
            WaitedMedianMilliseconds = waits?.Median,
            WaitedP95Milliseconds = waits?.P95,
            Made = report.Counts.Made,
            Retired = report.Retired.Count,
            Left = report.Counts.Left,
        };
    }

    /// <summary>Whether the two can be compared: a run of a few tests says nothing about one of all.</summary>
    public bool IsLike(ReportedRun other) => Leases <= other.Leases * 2 && other.Leases <= Leases * 2;
}
