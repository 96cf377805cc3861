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

    protected static async Task<object?> RunAsync(NpgsqlConnection connection, string sql, int lockClass, uint key, CancellationToken cancellationToken)
    {
        // No time limit: whoever holds what we wait for is bounded by its own, or dead and its lock free.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = lockClass });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = unchecked((int)key) });
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
