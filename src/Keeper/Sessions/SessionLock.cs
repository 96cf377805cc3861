using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>Says that the session is alive. While the server has cut it off nothing is leased.</summary>
internal sealed class SessionLock : IAsyncDisposable
{
    private readonly SessionServer server;
    private readonly SessionId session;
    private readonly SessionHolder holder;
    private readonly TaskCompletionSource<Func<CancellationToken, Task>> onRetaken = new();
    private readonly KeptLock<AdvisoryLock> kept;

    private SessionLock(SessionServer server, SessionId session, SessionHolder holder, KeeperLog log, AdvisoryLock taken)
    {
        this.server = server;
        this.session = session;
        this.holder = holder;
        kept = new KeptLock<AdvisoryLock>(taken, TryRetakeAsync, log.LockRetaken);
    }

    /// <exception cref="SchemaIsolationException">SI1005: another session has the same id.</exception>
    public static async Task<SessionLock> TakeAsync(SessionServer server, SessionId session, SessionHolder holder, KeeperLog log, CancellationToken cancellationToken)
    {
        var taken = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session, cancellationToken, holder)
            ?? throw new SchemaIsolationException("SI1005", $"Another session on this server has drawn the same id \"{session}\". Run the tests again.");
        return new SessionLock(server, session, holder, log, taken);
    }

    /// <param name="forgetAsync">Forgets what may have gone while the lock was not held; runs each time before anything else does.</param>
    public void OnRetaken(Func<CancellationToken, Task> forgetAsync) => onRetaken.SetResult(forgetAsync);

    /// <inheritdoc cref="KeptLock{TLock}.WaitUntilHeldAsync"/>
    public Task WaitUntilHeldAsync(CancellationToken cancellationToken) => kept.WaitUntilHeldAsync(cancellationToken);

    public ValueTask DisposeAsync() => kept.DisposeAsync();

    private async Task<AdvisoryLock?> TryRetakeAsync(CancellationToken cancellationToken)
    {
        await server.RecoverAsync(cancellationToken);
        var retaken = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session, cancellationToken, holder);
        if (retaken is null)
            return null; // A sweep took us for dead, and lets go when it is done.

        try
        {
            await (await onRetaken.Task.WaitAsync(cancellationToken))(cancellationToken);
            return retaken;
        }
        catch
        {
            await retaken.DisposeAsync();
            throw;
        }
    }
}
