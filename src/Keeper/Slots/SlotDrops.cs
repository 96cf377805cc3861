using System.Collections.Concurrent;
using System.Threading.Channels;
using Npgsql;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>Drops used slots in the background.</summary>
internal sealed class SlotDrops : IAsyncDisposable
{
    // Two at once keep up with eight tests; more would take the server from the tests.
    private const int Workers = 2;

    private readonly Channel<(Slot Slot, Func<Task> Before)> used = Channel.CreateUnbounded<(Slot, Func<Task>)>(); // The pool's cap bounds it.
    private readonly ConcurrentBag<string> failures = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly Task[] workers;

    public SlotDrops() => workers = [.. Enumerable.Range(0, Workers).Select(_ => WorkAsync())];

    /// <summary>Why slots could not be dropped; the end of the session drops them with their database.</summary>
    public IReadOnlyCollection<string> Failures => failures;

    /// <param name="slot">A slot nobody holds any more.</param>
    /// <param name="before">What has to happen to it first.</param>
    public void Add(Slot slot, Func<Task> before) => used.Writer.TryWrite((slot, before));

    /// <summary>Stops after the drops at hand: the session's end drops the rest with their databases.</summary>
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
                await DropAsync(next.Slot, next.Before);
        }
    }

    private async Task DropAsync(Slot slot, Func<Task> before)
    {
        try
        {
            await before();
            await slot.Source.DropAsync(slot, CancellationToken.None);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName) // 3D000
        {
            // The test has dropped it.
        }
        catch (Exception exception)
        {
            // The sweep's per-object step: whatever one drop fails of, the worker goes on, and the end of the session drops the database.
            failures.Add($"{slot}: {exception.Message}");
        }
    }
}
