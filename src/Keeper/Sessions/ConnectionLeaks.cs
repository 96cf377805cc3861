using System.Collections.Concurrent;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>Which connections tests had still open when they released their leases.</summary>
internal sealed class ConnectionLeaks
{
    // A connection that is closed right before the release lives on for a moment at the server. One that is idle may as well be in a
    // pool, where it stays; one in a transaction has to be rolled back first, and is warned of, so it gets longer.
    private const int PausesForIdle = 1;

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(45), TimeSpan.FromMilliseconds(50)];

    private readonly ConcurrentDictionary<int, Task<bool>> looks = new();
    private readonly ConcurrentDictionary<int, OpenConnections> found = new();

    /// <summary>What was found, by the number of the lease.</summary>
    public IReadOnlyDictionary<int, OpenConnections> Found => found;

    /// <summary>Waits until a released lease's connections are closed, but only as long as closing takes.</summary>
    /// <returns>Whether any is still open.</returns>
    public Task<bool> LookAsync(PostgresServer server, int lease, Slot slot, string application)
        => looks[lease] = LookOnAsync(server, lease, slot, application);

    /// <summary>Waits for the looks that have begun.</summary>
    public Task FinishAsync(CancellationToken cancellationToken) => Task.WhenAll(looks.Values).WaitAsync(cancellationToken);

    private async Task<bool> LookOnAsync(PostgresServer server, int lease, Slot slot, string application)
    {
        // Off the test's release, which waits for nothing.
        await Task.Yield();
        var database = slot.Database.ToString();
        for (var pauses = 0; ; pauses++)
        {
            var open = (await server.ListConnectionsAsync([database], CancellationToken.None)).FirstOrDefault(connections => connections.Application == application);
            if (open.Count == 0 || (slot.Source.KeepsConnections && open.InTransaction == 0))
                return false;

            if (pauses >= (open.InTransaction > 0 ? Pauses.Length : PausesForIdle))
            {
                found[lease] = open;
                return true;
            }

            await Task.Delay(Pauses[pauses]);
        }
    }
}
