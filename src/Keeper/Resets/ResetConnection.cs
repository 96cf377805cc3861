using System.Data;
using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Resets;

/// <summary>A connection to a database whose state is read or restored.</summary>
internal sealed class ResetConnection : IAsyncDisposable
{
    private const int TextBufferLength = 64 * 1024;

    private readonly NpgsqlConnection connection;

    private ResetConnection(NpgsqlConnection connection, bool isSuperuser, bool disablesTriggers)
    {
        this.connection = connection;
        IsSuperuser = isSuperuser;
        DisablesTriggers = disablesTriggers;
    }

    /// <summary>Whether the server has not ended it.</summary>
    public bool IsOpen => connection.FullState.HasFlag(ConnectionState.Open);

    /// <summary>Whether the role may read all catalogues.</summary>
    public bool IsSuperuser { get; }

    /// <summary>Whether rows can be deleted in any order, and without what the suite's triggers do.</summary>
    public bool DisablesTriggers { get; }

    /// <param name="server">Where the database is.</param>
    /// <param name="database">The database.</param>
    /// <param name="searchPath">Where names lead in a test; null for the server's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<ResetConnection> OpenAsync(PostgresServer server, DatabaseName database, string? searchPath, CancellationToken cancellationToken)
    {
        var isSuperuser = server.Description.IsSuperuser;
        var options = isSuperuser ? $"{ResetSql.ConnectionOptions} {ResetSql.TriggersOffOption}" : ResetSql.ConnectionOptions;
        var connection = await server.OpenUnpooledAsync(database.ToString(), cancellationToken, searchPath, options);
        try
        {
            await using var command = new NpgsqlCommand(ResetSql.OwnNamesFirst, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return new ResetConnection(connection, isSuperuser, isSuperuser || await TryDisableTriggersAsync(connection, cancellationToken));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>All of them or none.</summary>
    public async Task ExecuteAsync(IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        if (batch.BatchCommands.Count > 0)
            await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<T> ReadOneAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <param name="sql">The query.</param>
    /// <param name="read">What becomes of a row.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="parameters">Texts, for $1 and so on.</param>
    public async Task<IReadOnlyList<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params string[] parameters)
        => (await ReadAllAsync([(sql, parameters)], read, cancellationToken))[0];

    /// <summary>Several queries in one round trip, and in one snapshot each.</summary>
    public async Task<IReadOnlyList<IReadOnlyList<T>>> ReadAllAsync<T>(
        IEnumerable<(string Sql, string[] Parameters)> queries, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (sql, parameters) in queries)
        {
            var command = new NpgsqlBatchCommand(sql);
            foreach (var parameter in parameters)
                command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = parameter });
            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var results = new List<IReadOnlyList<T>>();
        do
        {
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
                rows.Add(read(reader));
            results.Add(rows);
        }
        while (await reader.NextResultAsync(cancellationToken));

        return results;
    }

    /// <returns>All rows of the table, in the order in which they lie; null when one of its types cannot be copied.</returns>
    public async Task<byte[]?> TryCopyOutAsync(string table, CancellationToken cancellationToken)
    {
        try
        {
            var rows = new MemoryStream();
            await using var copy = await connection.BeginRawBinaryCopyAsync(ResetSql.CopyOut(table), cancellationToken);
            await copy.CopyToAsync(rows, cancellationToken);
            return rows.ToArray();
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedFunction) // 42883
        {
            return null;
        }
    }

    public async Task CopyInAsync(string table, byte[] rows, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(ResetSql.CopyIn(table), cancellationToken);
        await copy.WriteAsync(rows, cancellationToken);
    }

    /// <summary>Copies the rows of a table from another database, as text.</summary>
    public async Task CopyTextAsync(ResetConnection from, string table, CancellationToken cancellationToken)
    {
        using var reader = await from.connection.BeginTextExportAsync(ResetSql.CopyTextOut(table), cancellationToken);
        await using var writer = await connection.BeginTextImportAsync(ResetSql.CopyTextIn(table), cancellationToken);
        var buffer = new char[TextBufferLength];
        while (await reader.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            await writer.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static async Task<bool> TryDisableTriggersAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand(ResetSql.TriggersOff, connection);
            await command.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InsufficientPrivilege) // 42501
        {
            return false;
        }
    }
}
