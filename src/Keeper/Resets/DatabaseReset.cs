using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Resets;

/// <summary>Makes a used clone equal to one that nobody has used, and proves it. What cannot be proved is refused.</summary>
/// <remarks>
/// Equal means: the same rows in the same places, so that a SELECT without an order returns them alike; nothing where nothing was, so that the
/// next rows lie where they would; sequences, the planner's figures of the tables, and every catalogue row the same.
/// </remarks>
internal sealed class DatabaseReset(PostgresServer server) : IAsyncDisposable
{
    private const int MostPasses = 3;

    private ResetConnection? connection;
    private string? since;

    /// <summary>To be called before the clone is made: what is written from here on is not the template's.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken) => since = await server.NextTransactionAsync(cancellationToken);

    /// <returns>Why the database is not as it was, in words; null when it is.</returns>
    /// <exception cref="NpgsqlException">The connection was lost, or a lock could not be had in time.</exception>
    public async Task<string?> RunAsync(DatabaseName database, Pristine pristine, CancellationToken cancellationToken)
    {
        connection ??= await ResetConnection.OpenAsync(server, database, cancellationToken);

        // First, as a rolled-back insert among rows that stay leaves no other trace. It skips pages that nobody wrote to, and marks those of a
        // materialized view that was refreshed with what it held.
        var start = await connection.ReadOneAsync<string>(ResetSql.Now, cancellationToken);
        await VacuumAsync(connection, pristine.FilledTables, cancellationToken);
        for (var pass = 1; ; pass++)
        {
            var probe = new Probe(connection, pristine, since!);
            var changes = await probe.FindChangesAsync(start, cancellationToken);
            if (changes.Catalogues.Count > 0)
            {
                // Asked first: what is still being written is not in the comparison.
                var oldest = await connection.ReadOneAsync<string>(ResetSql.OldestTransaction, cancellationToken);
                if (await probe.CompareAsync(changes.Catalogues, cancellationToken) is { IsReal: true } change)
                    return $"it changed {change}";
                since = oldest;
            }

            if (changes.IsNone)
            {
                // Where connections are kept, code of the test that held the lease can still use them.
                return changes.LateWork is null ? null : $"it went on after its release, with: {changes.LateWork}";
            }

            if (pass > MostPasses)
                return $"it changed {changes}, which could not be undone";
            if (FindHopeless(changes) is { } hopeless)
                return hopeless;
            await UndoAsync(connection, pristine, changes, cancellationToken);
        }
    }

    /// <summary>Lets go of the database, so that it can be renamed or dropped.</summary>
    public async Task CloseAsync()
    {
        if (connection is not null)
            await connection.DisposeAsync();
        connection = null;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private static string? FindHopeless(Changes changes)
        => changes.Tables.FirstOrDefault(table => table.IsMaterialized || (!table.IsEmpty && table.Rows is null)) is { } unwritable
            ? $"it changed the rows of {unwritable.Name}, which are too many to write again, or a view's"
            : null;

    private static async Task UndoAsync(ResetConnection connection, Pristine pristine, Changes changes, CancellationToken cancellationToken)
    {
        // Where foreign keys hold, rows go together with those that refer to them.
        var tables = connection.DisablesTriggers ? changes.Tables : pristine.WithReferring(changes.Tables);
        await connection.ExecuteAsync(
            [
                .. tables.Select(table => ResetSql.DeleteRows(table.Name)),
                .. changes.Sequences.Select(sequence => ResetSql.SetSequence(sequence.Id, sequence.Value, sequence.IsCalled)),
            ],
            cancellationToken);
        await VacuumAsync(connection, tables, cancellationToken);

        // Those that others refer to first, and all in one transaction, at whose end deferred foreign keys may hold in a cycle.
        var filled = tables.Where(table => table.Rows is not null).Reverse().ToList();
        await connection.ExecuteAsync(ResetSql.Begin, cancellationToken);
        foreach (var table in filled)
            await connection.CopyInAsync(table.Name, table.Rows!, cancellationToken);
        await connection.ExecuteAsync(ResetSql.Commit, cancellationToken);
        await VacuumAsync(connection, filled, cancellationToken);
        foreach (var index in changes.Indexes)
            await connection.ExecuteAsync(ResetSql.Reindex(index), cancellationToken);
    }

    private static async Task VacuumAsync(ResetConnection connection, IEnumerable<PristineTable> tables, CancellationToken cancellationToken)
    {
        var names = tables.Select(table => table.Name).ToList();
        if (names.Count > 0)
            await connection.ExecuteAsync(ResetSql.Vacuum(names), cancellationToken);
    }
}
