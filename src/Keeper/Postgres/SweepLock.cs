using System.Text;
using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>What sessions say to each other about a database whose schemas they sweep, on an idle connection of its own.</summary>
/// <remarks>
/// Shared: a session that sweeps the database is alive. Alone: nobody is, and its schemas are being swept. One connection takes both, so
/// that a session can go from the one to the other with nobody in between.
/// </remarks>
internal sealed class SweepLock : IAsyncDisposable
{
    // "SIU1".
    private const int LockClass = 0x53495531;

    private readonly NpgsqlConnection connection;
    private readonly uint key;

    private SweepLock(NpgsqlConnection connection, uint key)
    {
        this.connection = connection;
        this.key = key;
    }

    /// <summary>Takes nothing yet.</summary>
    public static async Task<SweepLock> OpenAsync(PostgresServer server, string database, CancellationToken cancellationToken)
        => new(await server.OpenUnpooledAsync(server.MaintenanceDatabase, cancellationToken), KeyOf(database));

    /// <returns>False when a session is alive on the database, or somebody sweeps it.</returns>
    public async Task<bool> TryTakeAloneAsync(CancellationToken cancellationToken) => await RunAsync(Sql.TryLock, cancellationToken) is true;

    /// <summary>Says that this session is alive; waits while somebody else sweeps.</summary>
    public Task ShareAsync(CancellationToken cancellationToken) => RunAsync(Sql.LockShared, cancellationToken);

    public Task LeaveAloneAsync(CancellationToken cancellationToken) => RunAsync(Sql.Unlock, cancellationToken);

    public Task LeaveSharedAsync(CancellationToken cancellationToken) => RunAsync(Sql.UnlockShared, cancellationToken);

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    // FNV-1a: every process must come to the same number. Two names that share one only wait for each other's sessions.
    internal static uint KeyOf(string database)
        => Encoding.UTF8.GetBytes(database).Aggregate(2166136261u, (hash, part) => unchecked((hash ^ part) * 16777619u));

    private Task<object?> RunAsync(string sql, CancellationToken cancellationToken)
        => AdvisoryLock.RunAsync(connection, sql, LockClass, key, cancellationToken);
}
