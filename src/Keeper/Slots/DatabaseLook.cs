using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>Looks, after each lease, at what is outside the slots of one database: on one connection, as a new one costs more than the look.</summary>
internal sealed class DatabaseLook(PostgresServer server, DatabaseName database) : IAsyncDisposable
{
    private readonly SemaphoreSlim gate = new(1);
    private NpgsqlConnection? connection;
    private bool isClosed;

    /// <param name="outside">Told what was found.</param>
    /// <param name="then">What is sent along, so that a drop does not wait for one more answer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RunAsync(OutsideObjects outside, string[] then, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (isClosed)
                return;

            connection ??= await server.OpenUnpooledAsync(database.ToString(), cancellationToken);
            await RunAsync(connection, outside, then, cancellationToken);
        }
        catch
        {
            await ForgetConnectionAsync();
            throw;
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await gate.WaitAsync();
        isClosed = true;
        await ForgetConnectionAsync();
        gate.Release();
    }

    private async Task RunAsync(NpgsqlConnection open, OutsideObjects outside, string[] then, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(open);
        foreach (var sql in (string[])[CatalogueSql.ListOutsideSlots, .. then])
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        var endLook = outside.BeginLook(database);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            names.Add(reader.GetString(0));
        endLook(names);
        while (await reader.NextResultAsync(cancellationToken))
        {
            // What fails of the rest is thrown here.
        }
    }

    private async Task ForgetConnectionAsync()
    {
        if (connection is not null)
            await connection.DisposeAsync();
        connection = null;
    }
}
