using SchemaIsolation.Keeper.Slots;

namespace SchemaIsolation.Tests.Unit.Slots;

public sealed class SlotReturnsTests
{
    [Fact]
    public async Task A_drop_that_fails_in_any_way_is_counted_and_the_next_is_done()
    {
        var source = new FakeSlots();
        var drops = new SlotReturns(TimeProvider.System);
        drops.Add(source.Slot(1), lease: 1, () => throw new InvalidOperationException("Mine."));
        drops.Add(source.Slot(2), lease: 1, () => throw new InvalidOperationException("Mine."));
        drops.Add(source.Slot(3), lease: 1, () => Task.CompletedTask);
        await source.NextDropAsync();

        await drops.DisposeAsync();

        Assert.Equal(2, drops.Failures.Count);
    }
}
