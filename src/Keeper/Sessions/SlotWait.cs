using SchemaIsolation.Keeper.Slots;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>The wait of a lease for its slot, which has an end.</summary>
internal static class SlotWait
{
    /// <exception cref="SchemaIsolationException">SI2003: no slot came free in time.</exception>
    public static async Task<Slot> RunAsync(Func<CancellationToken, Task<Slot>> takeAsync, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(timeLimit);
        try
        {
            return await takeAsync(limited.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SchemaIsolationException("SI2003", $"No slot was ready for {timeLimit:c}: they are being made, reset or dropped for that long. See the server's log for what it waits for, or raise LeaseTimeout.", exception);
        }
    }
}
