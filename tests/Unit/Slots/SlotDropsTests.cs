using SchemaIsolation.Keeper.Slots;

namespace SchemaIsolation.Tests.Unit.Slots;

public sealed class SlotDropsTests
{
    [Fact]
    public async Task A_drop_that_fails_in_any_way_is_counted_and_the_next_is_done()
    {
        var source = new FakeSlots();
        var drops = new SlotDrops();
        drops.Add(source.Slot(1), () => throw new InvalidOperationException("Mine."));
        drops.Add(source.Slot(2), () => throw new InvalidOperationException("Mine."));
        drops.Add(source.Slot(3), () => Task.CompletedTask);
        await source.NextDropAsync();

        await drops.DisposeAsync();

        Assert.Equal(2, drops.Failures.Count);
    }
}
