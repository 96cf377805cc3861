namespace SchemaIsolation.Keeper.Postgres;

/// <summary>A password that is good for a while, as clouds give them: asked for before its first use, again before it is too old, and when the server refuses it.</summary>
internal sealed class ServerPassword : IAsyncDisposable
{
    /// <summary>The shortest-lived that clouds give out are good for 15 minutes: a test has at least 10 of them to connect in.</summary>
    public static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(5);

    // Whoever is out of reach is not asked with every connection that fails.
    private static readonly TimeSpan RestAfterAsking = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(10);

    private readonly Func<CancellationToken, Task<string>> askAsync;
    private readonly SemaphoreSlim asking = new(1);
    private readonly CancellationTokenSource ending = new();
    private readonly Task renewing;
    private volatile string current;
    private long asked = TimeProvider.System.GetTimestamp();

    private ServerPassword(Func<CancellationToken, Task<string>> askAsync, string first, TimeSpan interval)
    {
        this.askAsync = askAsync;
        current = first;
        renewing = RenewEveryAsync(interval);
    }

    public string Current => current;

    /// <param name="askAsync">Gives the password, or says by its code why not.</param>
    /// <param name="interval">The oldest it gets.</param>
    /// <param name="cancellationToken">Ends the first asking.</param>
    /// <exception cref="SchemaIsolationException">What the first asking ended with.</exception>
    public static async Task<ServerPassword> StartAsync(Func<CancellationToken, Task<string>> askAsync, TimeSpan interval, CancellationToken cancellationToken)
        => new(askAsync, await askAsync(cancellationToken), interval);

    /// <summary>For a password that the server has refused.</summary>
    /// <returns>Whether there is another one now.</returns>
    /// <exception cref="SchemaIsolationException">There is none to be had.</exception>
    public async Task<bool> TryRenewAsync(string refused, CancellationToken cancellationToken)
    {
        await asking.WaitAsync(cancellationToken);
        try
        {
            if (current == refused && TimeProvider.System.GetElapsedTime(asked) > RestAfterAsking)
                await AskAsync(cancellationToken);
            return current != refused;
        }
        finally
        {
            asking.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await renewing;
        ending.Dispose();
        asking.Dispose();
    }

    private async Task RenewEveryAsync(TimeSpan interval)
    {
        var rest = interval;
        try
        {
            while (true)
            {
                await Task.Delay(rest, ending.Token);
                rest = await TryAskAsync() ? interval : RestAfterFailure;
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody needs it any more.
        }
    }

    /// <returns>False when there is none to be had. The old one may still be good; if not, whoever connects with it asks for himself, and is told why.</returns>
    private async Task<bool> TryAskAsync()
    {
        await asking.WaitAsync(ending.Token);
        try
        {
            await AskAsync(ending.Token);
            return true;
        }
        catch (SchemaIsolationException)
        {
            return false;
        }
        finally
        {
            asking.Release();
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            current = await askAsync(cancellationToken);
        }
        finally
        {
            asked = TimeProvider.System.GetTimestamp();
        }
    }
}
