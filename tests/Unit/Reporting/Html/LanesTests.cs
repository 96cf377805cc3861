using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Reporting.Html;

namespace SchemaIsolation.Tests.Unit.Reporting.Html;

public sealed class LanesTests
{
    [Fact]
    public void A_slot_has_one_row_under_all_of_its_names()
    {
        var report = Report(Reset("a", next: "c"), Reset("b", next: "b"), Reset("c", next: "d"));

        var lanes = Lanes.Of(report with { Leases = [Lease("a", 0), Lease("b", 1), Lease("c", 10), Lease("d", 20), Lease("b", 30)] });

        Assert.Equal(2, lanes.Count);
        Assert.True(lanes.AreSlots);
        Assert.Equal([0, 1, 0, 0], new[] { "a", "b", "c", "d" }.Select(slot => lanes[slot]));
    }

    [Fact]
    public void A_slot_that_is_leased_before_its_reset_is_listed_is_found()
    {
        var lanes = Lanes.Of(Report(Reset("c", next: "d"), Reset("a", next: "c")) with { Leases = [Lease("d", 9), Lease("a", 1)] });

        Assert.Equal(lanes["a"], lanes["d"]);
    }

    [Fact]
    public void Slots_that_are_used_once_share_rows_where_they_would_be_too_many()
    {
        var leases = Enumerable.Range(0, 100).Select(number => Lease($"s{number}", (number / 2) * 10)).ToList();

        var lanes = Lanes.Of(Report() with { Leases = leases });

        Assert.False(lanes.AreSlots);
        Assert.Equal(2, lanes.Count);
        Assert.NotEqual(lanes["s98"], lanes["s99"]);
    }

    private static SessionReport Report(params ReportedReset[] resets) => SampleReports.Empty() with { Resets = resets };

    private static ReportedLease Lease(string slot, int at)
        => new(1, "T", "schema", "Migrated", slot, SampleReports.Start.AddMilliseconds(at), 0, 5, IsReleased: true, DirtiedBy: null);

    private static ReportedReset Reset(string slot, string next) => new(slot, 1, SampleReports.Start, 1, ResetOutcome.Ready, next);
}
