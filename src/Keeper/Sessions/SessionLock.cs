using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>Says that the session is alive, and says so again as soon as it can when the server restarts or cuts the connection.</summary>
/// <remarks>
/// While the lock is not held, others may take the session for dead: nothing is leased until it is retaken. A sweep looks twice,
/// with more time between than the retaking takes once the server answers.
/// </remarks>
internal sealed class SessionLock : IAsyncDisposable
{
    private static readonly TimeSpan RetakeInterval = TimeSpan.FromMilliseconds(50);

    private readonly SessionServer server;
    private readonly SessionId session;
    private readonly KeeperLog log;
    private readonly CancellationTokenSource ending = new();
    private readonly TaskCompletionSource<Func<CancellationToken, Task>> onRetaken = new();
    private readonly Task keeping;
    private TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SessionLock(SessionServer server, SessionId session, KeeperLog log, AdvisoryLock taken)
    {
        this.server = server;
        this.session = session;
        this.log = log;
        held.SetResult();
        keeping = KeepAsync(taken);
    }

    /// <exception cref="SchemaIsolationException">SI1005: another session has the same id.</exception>
    public static async Task<SessionLock> TakeAsync(SessionServer server, SessionId session, KeeperLog log, CancellationToken cancellationToken)
    {
        var taken = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session, cancellationToken)
            ?? throw new SchemaIsolationException("SI1005", $"Another session on this server has drawn the same id \"{session}\". Run the tests again.");
        return new SessionLock(server, session, log, taken);
    }

    /// <param name="forgetAsync">Forgets what may have gone while the lock was not held; runs each time before anything else does.</param>
    public void OnRetaken(Func<CancellationToken, Task> forgetAsync) => onRetaken.SetResult(forgetAsync);

    /// <summary>Waits until the lock is held.</summary>
    public Task WaitUntilHeldAsync(CancellationToken cancellationToken) => Volatile.Read(ref held).Task.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await keeping;
        ending.Dispose();
    }

    private async Task KeepAsync(AdvisoryLock taken)
    {
        var current = taken;
        try
        {
            while (true)
            {
                await current.WaitForLossAsync(ending.Token);
                var start = TimeProvider.System.GetTimestamp();
                Volatile.Write(ref held, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                await current.DisposeAsync();
                current = await RetakeAsync();
                log.LockRetaken(TimeProvider.System.GetElapsedTime(start));
                held.SetResult();
            }
        }
        catch (OperationCanceledException)
        {
            await current.DisposeAsync();
        }
    }

    private async Task<AdvisoryLock> RetakeAsync()
    {
        while (true)
        {
            if (await TryRetakeAsync() is { } retaken)
                return retaken;
            await Task.Delay(RetakeInterval, ending.Token);
        }
    }

    private async Task<AdvisoryLock?> TryRetakeAsync()
    {
        AdvisoryLock? retaken = null;
        try
        {
            await server.RecoverAsync(ending.Token);
            retaken = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session, ending.Token);
            if (retaken is null)
                return null; // A sweep took us for dead, and lets go when it is done.

            await (await onRetaken.Task.WaitAsync(ending.Token))(ending.Token);
            return retaken;
        }
        catch (Exception exception) when (exception is NpgsqlException or SchemaIsolationException)
        {
            // The server is still out of reach: whoever wants a lease waits or is told so, and we ask again.
            if (retaken is not null)
                await retaken.DisposeAsync();
            return null;
        }
    }
}
