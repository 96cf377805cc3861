using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.Unit.Leases;

public sealed class LeaseTableTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider time = new();

    [Fact]
    public void Numbers_count_from_one()
    {
        using var table = Table(2, Long);

        Assert.Equal(1, table.NextNumber());
        Assert.Equal(2, table.NextNumber());
    }

    [Fact]
    public async Task A_place_that_is_left_is_entered_by_who_waits()
    {
        using var table = Table(1, Long);
        await table.EnterAsync(CancellationToken.None);
        var waiting = table.EnterAsync(CancellationToken.None);

        table.Leave();

        await waiting;
    }

    [Fact]
    public async Task Who_waits_has_not_entered_while_the_place_is_taken()
    {
        using var table = Table(1, Long);
        await table.EnterAsync(CancellationToken.None);

        var waiting = table.EnterAsync(CancellationToken.None);

        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Waiting_for_a_place_can_be_given_up()
    {
        using var table = Table(1, Long);
        await table.EnterAsync(CancellationToken.None);
        using var giveUp = new CancellationTokenSource();
        var waiting = table.EnterAsync(giveUp.Token);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task When_no_place_comes_free_in_time_the_holders_are_named()
    {
        using var table = Table(2, TimeSpan.FromMilliseconds(1));
        await table.EnterAsync(CancellationToken.None);
        await table.EnterAsync(CancellationToken.None);
        table.Add(Record(1, "PackTests.Creates", "si_s_00000001_0.test_1"));
        time.Advance(TimeSpan.FromSeconds(90));
        table.Add(Record(2, "RuleTests.Fires", "si_d_00000001_1"));
        time.Advance(TimeSpan.FromSeconds(5));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => table.EnterAsync(CancellationToken.None));

        Assert.Equal("SI2003", refusal.Code);
        Assert.Equal(
            "All 2 slots were leased for 00:00:00.0010000. Dispose leases when their tests end, run fewer tests at once, or raise MaxSlots, the server's max_connections or LeaseTimeout. "
            + "Held by: \"PackTests.Creates\" (si_s_00000001_0.test_1, 95 s), \"RuleTests.Fires\" (si_d_00000001_1, 5 s).",
            refusal.Reason);
    }

    [Fact]
    public async Task Leases_that_have_ended_are_not_named_as_holders()
    {
        using var table = Table(1, TimeSpan.FromMilliseconds(1));
        await table.EnterAsync(CancellationToken.None);
        table.Add(Record(1, "PackTests.Creates", "a"));
        table.Add(Record(2, "RuleTests.Fires", "b"));
        table.End(1, LeaseRelease.Clean);

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => table.EnterAsync(CancellationToken.None));

        Assert.EndsWith("Held by: \"RuleTests.Fires\" (b, 0 s).", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_five_holders_are_counted()
    {
        using var table = Table(1, TimeSpan.FromMilliseconds(1));
        await table.EnterAsync(CancellationToken.None);
        Assert.All(Enumerable.Range(1, 12), number => table.Add(Record(number, "T", "s")));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => table.EnterAsync(CancellationToken.None));

        Assert.EndsWith("\"T\" (s, 0 s) and 7 more.", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_are_in_the_order_of_leasing()
    {
        using var table = Table(3, Long);
        table.Add(Record(3, "C", "c"));
        table.Add(Record(1, "A", "a"));
        table.Add(Record(2, "B", "b"));

        var records = table.Records;

        Assert.Equal(["A", "B", "C"], records.Select(record => record.Test));
    }

    [Fact]
    public void A_lease_that_is_held_has_no_end()
    {
        using var table = Table(1, Long);
        table.Add(Record(1, "A", "a"));

        var record = Assert.Single(table.Records);

        Assert.Null(record.Held);
        Assert.False(record.IsReleased);
    }

    [Fact]
    public void A_lease_that_was_released_says_so_and_after_how_long()
    {
        using var table = Table(1, Long);
        table.Add(Record(1, "A", "a"));
        time.Advance(TimeSpan.FromSeconds(3));

        table.End(1, LeaseRelease.Clean);

        var record = Assert.Single(table.Records);
        Assert.Equal(TimeSpan.FromSeconds(3), record.Held);
        Assert.True(record.IsReleased);
        Assert.Null(record.DirtiedBy);
    }

    [Fact]
    public void A_lease_that_was_dirtied_says_by_whom()
    {
        using var table = Table(1, Long);
        table.Add(Record(1, "A", "a"));

        table.End(1, new LeaseRelease("PackTests.Commits"));

        var record = Assert.Single(table.Records);
        Assert.True(record.IsReleased);
        Assert.Equal("PackTests.Commits", record.DirtiedBy);
    }

    [Fact]
    public void A_lease_that_ended_with_its_process_says_so_and_after_how_long()
    {
        using var table = Table(1, Long);
        table.Add(Record(1, "A", "a"));
        time.Advance(TimeSpan.FromSeconds(3));

        table.End(1, release: null);

        var record = Assert.Single(table.Records);
        Assert.Equal(TimeSpan.FromSeconds(3), record.Held);
        Assert.False(record.IsReleased);
    }

    private LeaseRecord Record(int number, string test, string slot) => new(number, test, LeaseKind.Schema, LeaseContent.Migrated)
    {
        Slot = slot,
        LeasedAt = time.GetUtcNow(),
        Waited = TimeSpan.Zero,
    };

    [Fact]
    public async Task A_place_whose_slot_is_still_being_made_is_not_passed_over_in_silence()
    {
        using var table = Table(1, TimeSpan.FromMilliseconds(1));
        await table.EnterAsync(CancellationToken.None);

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => table.EnterAsync(CancellationToken.None));

        Assert.DoesNotContain("Held by: .", refusal.Reason, StringComparison.Ordinal);
    }

    private LeaseTable Table(int most, TimeSpan leaseTimeout)
    {
        var table = new LeaseTable(leaseTimeout, time);
        table.Open(most);
        return table;
    }
}
