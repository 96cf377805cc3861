using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>A lock that says that this session is alive, and says so again as soon as it can when the server restarts or cuts the connection.</summary>
/// <remarks>While it is not held, others may take the session for dead: a sweep looks twice, with more time between than the retaking takes once the server answers.</remarks>
internal sealed class KeptLock<TLock> : IAsyncDisposable
    where TLock : ConnectionLock
{
    private static readonly TimeSpan RetakeInterval = TimeSpan.FromMilliseconds(50);

    private readonly Func<CancellationToken, Task<TLock?>> tryRetakeAsync;
    private readonly Action<TimeSpan> onRetaken;
    private readonly CancellationTokenSource ending = new();
    private readonly Task keeping;
    private TLock? current;
    private TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="taken">The lock, which is this one's from now on.</param>
    /// <param name="tryRetakeAsync">Takes it anew on another connection. Null, or an exception that says that the server is out of reach: it is asked again.</param>
    /// <param name="onRetaken">Told how long it was not held.</param>
    public KeptLock(TLock taken, Func<CancellationToken, Task<TLock?>> tryRetakeAsync, Action<TimeSpan> onRetaken)
    {
        this.tryRetakeAsync = tryRetakeAsync;
        this.onRetaken = onRetaken;
        current = taken;
        held.SetResult();
        keeping = KeepAsync(taken);
    }

    /// <summary>Waits until the lock is held.</summary>
    public Task WaitUntilHeldAsync(CancellationToken cancellationToken) => Volatile.Read(ref held).Task.WaitAsync(cancellationToken);

    /// <summary>Keeps it no longer.</summary>
    /// <returns>The lock, which is the caller's now; null when it was not held.</returns>
    public async Task<TLock?> StopAsync()
    {
        await ending.CancelAsync();
        await keeping;
        return Interlocked.Exchange(ref current, null);
    }

    public async ValueTask DisposeAsync()
    {
        if (await StopAsync() is { } taken)
            await taken.DisposeAsync();
        ending.Dispose();
    }

    private async Task KeepAsync(TLock taken)
    {
        try
        {
            while (true)
            {
                await taken.WaitForLossAsync(ending.Token);
                var start = TimeProvider.System.GetTimestamp();
                Volatile.Write(ref held, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                current = null;
                await taken.DisposeAsync();
                current = taken = await RetakeAsync();
                onRetaken(TimeProvider.System.GetElapsedTime(start));
                held.SetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever stops it takes what is held.
        }
    }

    private async Task<TLock> RetakeAsync()
    {
        while (true)
        {
            try
            {
                if (await tryRetakeAsync(ending.Token) is { } retaken)
                    return retaken;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Whatever it is, the server is still out of reach: whoever needs the lock waits or is told so, and we ask again.
            }

            await Task.Delay(RetakeInterval, ending.Token);
        }
    }
}
