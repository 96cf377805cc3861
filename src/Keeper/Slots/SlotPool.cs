namespace SchemaIsolation.Keeper.Slots;

/// <summary>Slots that are ready, and leases that wait for one: first come, first served.</summary>
/// <remarks>
/// It has what was prepared, and grows when a lease finds nothing ready, up to two slots for each lease that there was at once: one is reset while the other is used.
/// The slot that came back last goes out first, with whatever the server and the suite's pools still know of it.
/// </remarks>
/// <param name="makeAsync">Makes one more.</param>
/// <param name="mostAtOnce">How many leases there were at once, so far.</param>
internal sealed class SlotPool(Func<Task<Slot>> makeAsync, Func<int> mostAtOnce)
{
    private const int SlotsPerLease = 2;

    private readonly object gate = new();
    private readonly Stack<Slot> ready = new();
    private readonly LinkedList<TaskCompletionSource<Slot>> waiting = new();
    private readonly HashSet<Task> making = [];
    private bool isClosed;
    private int count;

    // Not the number of tasks: one that has made its slot is listed until the scheduler gets to it.
    private int beingMade;

    public async Task<Slot> TakeAsync(CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource<Slot>> place;
        lock (gate)
        {
            if (ready.TryPop(out var slot))
                return slot;
            place = waiting.AddLast(new TaskCompletionSource<Slot>(TaskCreationOptions.RunContinuationsAsynchronously));
            if (beingMade < waiting.Count)
                Grow();
        }

        await using var giveUp = cancellationToken.Register(() => GiveUp(place, cancellationToken));
        return await place.Value.Task;
    }

    /// <summary>Makes as many, one after the other, before anybody asks for them; no more once one cannot be made.</summary>
    public async Task PrepareAsync(int slots)
    {
        Task<bool> making;
        do
        {
            lock (gate)
            {
                if (isClosed || count >= slots)
                    return;
                making = AddAsync();
            }
        }
        while (await making);
    }

    /// <summary>Another one, that nobody has used.</summary>
    public async Task<Slot> TakeUnusedAsync()
    {
        lock (gate)
            count++;
        try
        {
            return await makeAsync();
        }
        catch
        {
            Retire();
            throw;
        }
    }

    /// <summary>Takes up a slot that was not made here.</summary>
    public void Add(Slot slot)
    {
        lock (gate)
            count++;
        Offer(slot);
    }

    /// <summary>Puts a slot where the next lease finds it.</summary>
    public void Offer(Slot slot)
    {
        lock (gate)
        {
            if (waiting.First is { } first)
            {
                waiting.RemoveFirst();
                first.Value.SetResult(slot);
            }
            else
            {
                ready.Push(slot);
            }
        }
    }

    /// <summary>Says that a slot will not come back.</summary>
    public void Retire()
    {
        lock (gate)
        {
            count--;
            if (beingMade < waiting.Count)
                Grow();
        }
    }

    public void Forget(Func<Slot, bool> isLost)
    {
        lock (gate)
        {
            var kept = ready.Where(slot => !isLost(slot)).Reverse().ToList();
            count -= ready.Count - kept.Count;
            ready.Clear();
            kept.ForEach(ready.Push);
        }
    }

    /// <summary>Makes no slot any more, and waits for those that are being made.</summary>
    public Task CloseAsync()
    {
        lock (gate)
        {
            isClosed = true;
            return Task.WhenAll(making);
        }
    }

    private void Grow()
    {
        if (!isClosed && count < Math.Max(1, SlotsPerLease * mostAtOnce()))
            _ = AddAsync();
    }

    private Task<bool> AddAsync()
    {
        count++;
        beingMade++;
        var task = MakeAsync();
        if (!task.IsCompleted)
        {
            making.Add(task);
            _ = task.ContinueWith(
                made =>
                {
                    lock (gate)
                        making.Remove(made);
                },
                CancellationToken.None,
                TaskContinuationOptions.None,
                TaskScheduler.Default);
        }

        return task;
    }

    private async Task<bool> MakeAsync()
    {
        // Off the lock of whoever asked.
        await Task.Yield();
        Slot slot;
        try
        {
            slot = await makeAsync();
        }
        catch (Exception exception)
        {
            // Whatever it is, who has waited longest is told it instead of waiting on.
            lock (gate)
            {
                beingMade--;
                count--;
                if (waiting.First is { } first)
                {
                    waiting.RemoveFirst();
                    first.Value.SetException(exception);
                }

                if (waiting.Count > 0)
                    Grow();
            }

            return false;
        }

        lock (gate)
        {
            beingMade--;
            Offer(slot);
        }

        return true;
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource<Slot>> place, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (place.List is null)
                return;
            waiting.Remove(place);
        }

        place.Value.SetCanceled(cancellationToken);
    }
}
