using System.Collections.Concurrent;
using System.Data;
using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Sweeping;

/// <summary>Drops the schemas of one database whose names match, while whoever runs it knows that nobody alive made them.</summary>
/// <remarks>
/// One transaction drops one schema: it locks each object that goes, and many schemas at once would exhaust the server's lock table for
/// everybody. Those that run beside each other take at most half of it, and what would take more by itself loses its tables first.
/// A schema that anything elsewhere depends on, or that somebody holds a lock in, is kept.
/// </remarks>
/// <param name="server">Where the database is.</param>
/// <param name="database">Its name.</param>
/// <param name="isDoomed">Which schemas are to be dropped.</param>
internal sealed class SchemaSweep(PostgresServer server, string database, Func<string, bool> isDoomed)
{
    private const int AtOnce = 2;
    private const int TablesAtOnce = 10;

    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<string> waiting = new();
    private readonly ConcurrentQueue<string> postponed = new();
    private readonly ConcurrentQueue<KeptSchema> kept = new();
    private int found;
    private int dropped;
    private long lockTable;

    /// <summary>How far it is; may be read while it runs.</summary>
    public (int Dropped, int Kept, int Found) Progress => (dropped, kept.Count, found);

    /// <returns>The schemas that match; none in a database that is gone.</returns>
    public async Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            return await FindAsync(connection, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName) // 3D000
        {
            return [];
        }
    }

    /// <summary>Runs once.</summary>
    /// <exception cref="NpgsqlException">The connection was lost or refused. A database that is gone has nothing to drop, and is no failure.</exception>
    public async Task<SchemaSweepResult> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(cancellationToken);
            foreach (var schema in await FindAsync(connection, cancellationToken))
                waiting.Enqueue(schema);
            found = waiting.Count;
            lockTable = await CountLocksAsync(connection, cancellationToken);
            await Task.WhenAll(
                Enumerable.Range(1, Math.Clamp(found - 1, 0, AtOnce - 1)).Select(_ => DropOnAnotherConnectionAsync(cancellationToken))
                    .Prepend(DropWaitingAsync(connection, cancellationToken)));
            while (postponed.TryDequeue(out var schema))
                await DropAloneAsync(connection, schema, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName) // 3D000
        {
            // The suite has dropped its database.
        }

        return new SchemaSweepResult(dropped, [.. kept.OrderBy(schema => schema.Name, StringComparer.Ordinal)]);
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await server.OpenUnpooledAsync(database, cancellationToken, searchPath: "pg_catalog");
        try
        {
            await ExecuteAsync(connection, Sql.ConfigureSchemaSweep, cancellationToken);
            await ExecuteAsync(connection, Sql.SetLockTimeout(LockTimeout), cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<IReadOnlyList<string>> FindAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
        => [.. (await ListAsync(connection, Sql.ListSchemas, cancellationToken)).Where(isDoomed)];

    private static async Task<long> CountLocksAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql.CountLocks, connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private async Task DropOnAnotherConnectionAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(cancellationToken);
        await DropWaitingAsync(connection, cancellationToken);
    }

    private async Task DropWaitingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        while (waiting.TryDequeue(out var schema))
        {
            if (!await TryDropAsync(connection, schema, lockTable / 2 / AtOnce, cancellationToken))
                postponed.Enqueue(schema);
        }
    }

    private async Task DropAloneAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        if (!await TryDropAsync(connection, schema, lockTable / 2, cancellationToken)
            && !await TryDropAsync(connection, schema, long.MaxValue, cancellationToken, tablesFirst: true))
        {
            Keep(schema, "the server's lock table has no room for what is in it; raise max_locks_per_transaction.");
        }
    }

    /// <returns>False when it would take more locks than it may, or the server had none left.</returns>
    private async Task<bool> TryDropAsync(
        NpgsqlConnection connection, string schema, long mostLocks, CancellationToken cancellationToken, bool tablesFirst = false)
    {
        try
        {
            var (objects, outside) = await InspectAsync(connection, schema, cancellationToken);
            if (objects == 0)
                return true;

            if (outside is not null)
            {
                Keep(schema, outside);
                return true;
            }

            if (objects > mostLocks)
                return false;

            if (tablesFirst)
                await DropTablesAsync(connection, schema, cancellationToken);
            await ExecuteAsync(connection, Sql.DropSchema(schema), cancellationToken);
            Interlocked.Increment(ref dropped);
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.OutOfMemory) // 53200
        {
            return false;
        }
        catch (PostgresException exception) when (connection.State == ConnectionState.Open)
        {
            // One that cannot be dropped must not keep the others.
            var isLocked = exception.SqlState == PostgresErrorCodes.LockNotAvailable; // 55P03
            Keep(schema, isLocked ? $"somebody holds a lock in it: {exception.MessageText}" : exception.MessageText);
            return true;
        }
    }

    /// <returns>How many objects go with the schema, 0 when it is gone; and what must not go with it, or null.</returns>
    private static async Task<(long Objects, string? Outside)> InspectAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql.InspectSchema, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schema });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var outside = reader.GetInt64(1);
        return (reader.GetInt64(0), outside == 0 ? null : $"it would take what is not its own with it: {reader.GetString(2)}{(outside > 3 ? ", …" : string.Empty)}.");
    }

    private static async Task DropTablesAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        foreach (var tables in (await ListAsync(connection, Sql.ListTables, cancellationToken, schema)).Chunk(TablesAtOnce))
            await ExecuteAsync(connection, Sql.DropTables(schema, tables), cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> ListAsync(
        NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params string[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(reader.GetString(0));
        return rows;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void Keep(string schema, string reason) => kept.Enqueue(new KeptSchema(schema, reason));
}
