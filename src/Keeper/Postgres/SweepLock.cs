using System.Text;
using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>What sessions say to each other about a database whose schemas they sweep.</summary>
/// <remarks>
/// Shared: a session that sweeps the database is alive. Alone: nobody is, and its schemas are being swept. Whoever comes or goes passes
/// a gate first, one at a time, so that those who only look whether somebody is alive are not taken for alive themselves. One connection
/// takes all of them, so that a session can go from the one to the other with nobody in between.
/// </remarks>
internal sealed class SweepLock : ConnectionLock
{
    // "SIU1".
    private const int LockClass = 0x53495531;

    // "SIG1".
    private const int GateClass = 0x53494731;

    private readonly NpgsqlConnection connection;
    private readonly uint key;

    private SweepLock(NpgsqlConnection connection, uint key)
        : base(connection)
    {
        this.connection = connection;
        this.key = key;
    }

    /// <summary>Takes nothing yet.</summary>
    public static async Task<SweepLock> OpenAsync(PostgresServer server, string database, CancellationToken cancellationToken)
        => new(await server.OpenUnpooledAsync(server.MaintenanceDatabase, cancellationToken), KeyOf(database));

    /// <summary>Waits while another session comes or goes, and sweeps perhaps.</summary>
    public Task EnterGateAsync(CancellationToken cancellationToken) => LockAsync(connection, GateClass, key, cancellationToken);

    public Task LeaveGateAsync(CancellationToken cancellationToken) => UnlockAsync(connection, GateClass, key, cancellationToken);

    /// <returns>False when a session is alive on the database.</returns>
    public Task<bool> TryTakeAloneAsync(CancellationToken cancellationToken) => TryLockAsync(connection, LockClass, key, cancellationToken);

    public Task LeaveAloneAsync(CancellationToken cancellationToken) => UnlockAsync(connection, LockClass, key, cancellationToken);

    /// <summary>Says that this session is alive; waits while somebody else sweeps.</summary>
    public Task ShareAsync(CancellationToken cancellationToken) => LockSharedAsync(connection, LockClass, key, cancellationToken);

    public Task LeaveSharedAsync(CancellationToken cancellationToken) => UnlockSharedAsync(connection, LockClass, key, cancellationToken);

    // FNV-1a: every process must come to the same number. Two names that share one only wait for each other's sessions.
    internal static uint KeyOf(string database)
        => Encoding.UTF8.GetBytes(database).Aggregate(2166136261u, (hash, part) => unchecked((hash ^ part) * 16777619u));
}
