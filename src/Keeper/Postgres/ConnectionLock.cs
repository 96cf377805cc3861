using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>Session-level advisory locks on the maintenance database, on an idle connection of their own.</summary>
/// <remarks>
/// Idle, because only then does the server notice within milliseconds that the holder was killed. The server frees the locks when
/// the connection ends, whatever ended it.
/// </remarks>
internal abstract class ConnectionLock(NpgsqlConnection connection) : IAsyncDisposable
{
    /// <summary>Ends when the connection breaks, and what it held is lost with it.</summary>
    public async Task WaitForLossAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Nobody notifies us: all that ends this wait is the connection.
            while (true)
                await connection.WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException or IOException)
        {
            // That is what was waited for.
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <returns>False when another holds the lock.</returns>
    protected static async Task<bool> TryLockAsync(NpgsqlConnection connection, int lockClass, uint key, CancellationToken cancellationToken)
    {
        if (await RunAsync(connection, Sql.TryLock, lockClass, key, cancellationToken) is not true)
            return false;
        if (!await IsLockedElsewhereAsync(connection, lockClass, key, isSharedToo: true, cancellationToken))
            return true;

        await UnlockAsync(connection, lockClass, key, cancellationToken);
        return false;
    }

    /// <summary>Waits while another holds the lock.</summary>
    protected static async Task LockAsync(NpgsqlConnection connection, int lockClass, uint key, CancellationToken cancellationToken)
    {
        await RunAsync(connection, Sql.Lock, lockClass, key, cancellationToken);
        while (await IsLockedElsewhereAsync(connection, lockClass, key, isSharedToo: true, cancellationToken))
        {
            await UnlockAsync(connection, lockClass, key, cancellationToken);
            await WaitForOthersAsync(cancellationToken);
            await RunAsync(connection, Sql.Lock, lockClass, key, cancellationToken);
        }
    }

    /// <summary>Waits while another holds the lock alone.</summary>
    protected static async Task LockSharedAsync(NpgsqlConnection connection, int lockClass, uint key, CancellationToken cancellationToken)
    {
        await RunAsync(connection, Sql.LockShared, lockClass, key, cancellationToken);
        while (await IsLockedElsewhereAsync(connection, lockClass, key, isSharedToo: false, cancellationToken))
        {
            await UnlockSharedAsync(connection, lockClass, key, cancellationToken);
            await WaitForOthersAsync(cancellationToken);
            await RunAsync(connection, Sql.LockShared, lockClass, key, cancellationToken);
        }
    }

    protected static Task UnlockAsync(NpgsqlConnection connection, int lockClass, uint key, CancellationToken cancellationToken)
        => RunAsync(connection, Sql.Unlock, lockClass, key, cancellationToken);

    protected static Task UnlockSharedAsync(NpgsqlConnection connection, int lockClass, uint key, CancellationToken cancellationToken)
        => RunAsync(connection, Sql.UnlockShared, lockClass, key, cancellationToken);

    // An advisory lock is one of its database, and other sessions may have another maintenance database: each takes the lock in its own
    // first and looks at the others' then, so that of two at least one sees the other.
    private static async Task<bool> IsLockedElsewhereAsync(
        NpgsqlConnection connection, int lockClass, uint key, bool isSharedToo, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql.IsLockedElsewhere, connection);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = lockClass });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = isSharedToo });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    // Two that see each other both let go: not for equally long.
    private static Task WaitForOthersAsync(CancellationToken cancellationToken) => Task.Delay(Random.Shared.Next(10, 50), cancellationToken);

    private static async Task<object?> RunAsync(NpgsqlConnection connection, string sql, int lockClass, uint key, CancellationToken cancellationToken)
    {
        // No time limit: whoever holds what we wait for is bounded by its own, or dead and its lock free.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = lockClass });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = unchecked((int)key) });
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
