using System.Threading.Channels;
using SchemaIsolation.Keeper.Slots;

namespace SchemaIsolation.Tests.Unit.Slots;

public sealed class SlotPoolTests
{
    private readonly FakeSlots source = new();
    private readonly Channel<TaskCompletionSource<Slot>> asked = Channel.CreateUnbounded<TaskCompletionSource<Slot>>();
    private int made;

    [Fact]
    public async Task The_slot_that_came_back_last_goes_out_first()
    {
        var pool = new SlotPool(MakeAtOnceAsync, () => 2);
        var first = await pool.TakeAsync(CancellationToken.None);
        var second = await pool.TakeAsync(CancellationToken.None);
        pool.Offer(first);
        pool.Offer(second);

        var next = await pool.TakeAsync(CancellationToken.None);

        Assert.Same(second, next);
    }

    [Fact]
    public async Task Who_waited_longest_gets_the_slot_that_comes_back()
    {
        var pool = new SlotPool(MakeWhenToldAsync, () => 1);
        var first = pool.TakeAsync(CancellationToken.None);
        var second = pool.TakeAsync(CancellationToken.None);
        var slot = source.Slot(1);

        pool.Offer(slot);

        Assert.Same(slot, await first);
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public async Task It_grows_to_two_slots_for_each_lease_there_was_at_once()
    {
        var pool = new SlotPool(MakeAtOnceAsync, () => 3);
        for (var i = 0; i < 6; i++)
            await pool.TakeAsync(CancellationToken.None);

        var seventh = pool.TakeAsync(CancellationToken.None);
        await pool.CloseAsync();

        Assert.Equal(6, made);
        Assert.False(seventh.IsCompleted);
    }

    [Fact]
    public async Task Slots_can_be_made_before_anybody_asks()
    {
        var pool = new SlotPool(MakeAtOnceAsync, () => 0);

        await pool.PrepareAsync(3);

        Assert.Equal(3, made);
    }

    [Fact]
    public async Task A_slot_that_cannot_be_made_fails_who_waited_longest_and_not_the_next()
    {
        var pool = new SlotPool(MakeWhenToldAsync, () => 2);
        var first = pool.TakeAsync(CancellationToken.None);
        var second = pool.TakeAsync(CancellationToken.None);
        (await asked.Reader.ReadAsync()).SetException(new InvalidOperationException("Mine."));

        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        var slot = source.Slot(1);
        (await asked.Reader.ReadAsync()).SetResult(slot);

        Assert.Same(slot, await second);
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_slot()
    {
        var pool = new SlotPool(MakeWhenToldAsync, () => 1);
        using var givingUp = new CancellationTokenSource();
        var first = pool.TakeAsync(givingUp.Token);
        await givingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var slot = source.Slot(1);
        pool.Offer(slot);

        var second = await pool.TakeAsync(CancellationToken.None);

        Assert.Same(slot, second);
    }

    [Fact]
    public async Task In_the_place_of_a_retired_slot_another_is_made_for_who_waits()
    {
        var pool = new SlotPool(MakeAtOnceAsync, () => 1);
        await pool.TakeAsync(CancellationToken.None);
        await pool.TakeAsync(CancellationToken.None);
        var waiting = pool.TakeAsync(CancellationToken.None);

        pool.Retire();

        Assert.Equal(source.Slot(3).Database, (await waiting).Database);
    }

    [Fact]
    public async Task A_slot_that_was_just_made_keeps_no_other_from_being_made()
    {
        // Each time another race between who was given the slot and what follows its making.
        for (var i = 0; i < 5000; i++)
        {
            var pool = new SlotPool(MakeAtOnceAsync, () => 1);
            await pool.TakeAsync(CancellationToken.None);
            await pool.TakeAsync(CancellationToken.None);
            var waiting = pool.TakeAsync(CancellationToken.None);

            pool.Retire();

            await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    private Task<Slot> MakeAtOnceAsync() => Task.FromResult(source.Slot(Interlocked.Increment(ref made)));

    private Task<Slot> MakeWhenToldAsync()
    {
        var slot = new TaskCompletionSource<Slot>(TaskCreationOptions.RunContinuationsAsynchronously);
        asked.Writer.TryWrite(slot);
        return slot.Task;
    }
}
