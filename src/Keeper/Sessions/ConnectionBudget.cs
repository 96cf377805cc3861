using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>This session's part of the connections that the server has: so many leases at once, with so many connections each.</summary>
/// <param name="Places">Leases at once.</param>
/// <param name="PoolSize">Connections that a lease's pool opens at most.</param>
/// <param name="InjectedPoolSize">Connections that the injected database's pool opens at most.</param>
internal sealed record ConnectionBudget(int Places, int PoolSize, int InjectedPoolSize)
{
    // The maintenance pool, locks, looks, and resets that run beside each other.
    private const int OfKeeper = 14;

    // With fewer, a test whose code opens a connection while it holds others would wait for itself.
    private const int FewestOfLease = 4;

    private const int MostOfLease = 20;

    public static async Task<ConnectionBudget> ReadAsync(PostgresServer server, Options options, CancellationToken cancellationToken)
    {
        var (connections, sessions) = await server.CountConnectionsAsync(cancellationToken);
        return Share(connections / Math.Max(1, sessions), options.MaxSlots, options.Reuse, isInjecting: options.Inject.Count > 0);
    }

    /// <param name="connections">This session's part.</param>
    /// <param name="maxSlots">The most leases at once that are asked for.</param>
    /// <param name="reuse">A warm slot keeps connections while another is used in its stead.</param>
    /// <param name="isInjecting">Whether tests use a database without a lease: half is for it, as nobody knows which of them lease as well.</param>
    internal static ConnectionBudget Share(int connections, int maxSlots, Reuse reuse, bool isInjecting)
    {
        var slotsOfPlace = reuse == Reuse.Warm ? 2 : 1;
        var usable = Math.Max(1, connections - OfKeeper);
        var injected = isInjecting ? Math.Max(FewestOfLease, usable / 2) : 0;
        usable = Math.Max(1, usable - injected);
        var places = Math.Clamp(usable / (slotsOfPlace * (FewestOfLease + 1)), 1, maxSlots);

        // One of each slot's is the keeper's own.
        return new ConnectionBudget(places, Math.Clamp((usable / (slotsOfPlace * places)) - 1, 1, MostOfLease), injected);
    }
}
