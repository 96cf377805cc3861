using System.Collections.Concurrent;
using System.Threading.Channels;
using Npgsql;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>Gives used slots back to where they came from, in the background.</summary>
internal sealed class SlotReturns : IAsyncDisposable
{
    // Two at once keep up with eight tests; more would take the server from the tests.
    private const int Workers = 2;

    private readonly Channel<(Slot Slot, int Lease, Func<Task> Before)> used = Channel.CreateUnbounded<(Slot, int, Func<Task>)>(); // The pool's cap bounds it.
    private readonly ConcurrentBag<string> failures = [];
    private readonly ConcurrentQueue<SlotReturn> done = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly TimeProvider time;
    private readonly Task[] workers;

    public SlotReturns(TimeProvider time)
    {
        this.time = time;
        workers = [.. Enumerable.Range(0, Workers).Select(_ => WorkAsync())];
    }

    /// <summary>Why slots could not be reset or dropped; the end of the session drops them with their database.</summary>
    public IReadOnlyCollection<string> Failures => failures;

    /// <summary>What became of slots so far.</summary>
    public IReadOnlyCollection<SlotReturn> Done => done;

    /// <param name="slot">A slot nobody holds any more.</param>
    /// <param name="lease">Who held it.</param>
    /// <param name="before">What has to happen to it first.</param>
    public void Add(Slot slot, int lease, Func<Task> before) => used.Writer.TryWrite((slot, lease, before));

    /// <summary>Stops after the slots at hand: the session's end drops the rest with their databases.</summary>
    public async ValueTask DisposeAsync()
    {
        used.Writer.TryComplete();
        await stopping.CancelAsync();
        await Task.WhenAll(workers);
        stopping.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!stopping.IsCancellationRequested && await used.Reader.WaitToReadAsync())
        {
            if (!stopping.IsCancellationRequested && used.Reader.TryRead(out var next))
                await ReturnAsync(next.Slot, next.Lease, next.Before);
        }
    }

    private async Task ReturnAsync(Slot slot, int lease, Func<Task> before)
    {
        var startedAt = time.GetUtcNow();
        var start = time.GetTimestamp();
        Slot? next = null;
        var isFailed = false;
        try
        {
            await PrepareAsync(slot, before);
            next = await slot.Source.TakeBackAsync(slot, lease, CancellationToken.None);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName) // 3D000
        {
            // The test has dropped it.
        }
        catch (Exception exception)
        {
            // The sweep's per-object step: whatever one slot fails of, the worker goes on, and the end of the session drops the database.
            failures.Add($"{slot}: {exception.Message}");
            isFailed = true;
        }

        done.Enqueue(new SlotReturn(slot.ToString(), lease, startedAt, time.GetElapsedTime(start), next?.ToString(), isFailed));
    }

    // Whatever it fails of, the slot goes back: its source would miss it for good, and leases wait for it.
    private async Task PrepareAsync(Slot slot, Func<Task> before)
    {
        try
        {
            await before();
        }
        catch (Exception exception)
        {
            failures.Add($"{slot}: {exception.Message}");
        }
    }
}
