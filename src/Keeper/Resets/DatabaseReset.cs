using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Resets;

/// <summary>Makes a used clone equal to one that nobody has used, and proves it. What cannot be proved is refused.</summary>
/// <remarks>
/// Equal means: the same rows in the same places, so that a SELECT without an order returns them alike; nothing where nothing was, so that the
/// next rows lie where they would; sequences, the planner's figures of the tables, and every catalogue row the same.
/// </remarks>
/// <param name="server">Where the clone is.</param>
/// <param name="searchPath">Where names lead in a test that uses it; null for the server's.</param>
internal sealed class DatabaseReset(PostgresServer server, string? searchPath) : IAsyncDisposable
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
        connection ??= await ResetConnection.OpenAsync(server, database, searchPath, cancellationToken);
        var probe = new Probe(connection, pristine);
        try
        {
            return await RestoreAsync(connection, probe, pristine, cancellationToken);
        }
        catch (PostgresException) when (connection.IsOpen)
        {
            // A table that is gone, or has another column, says less than that it was dropped or altered.
            await connection.ExecuteAsync(ResetSql.Rollback, cancellationToken);
            if (await FindCatalogueChangeAsync(connection, probe, cancellationToken) is { } change)
                return change;
            throw;
        }
    }

    /// <summary>Changes nothing, and keeps no connection.</summary>
    /// <param name="database">The clone.</param>
    /// <param name="pristine">What it was cloned as.</param>
    /// <param name="unused">To one that is still so.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>What is in it, and what is not as it was: Markdown.</returns>
    public async Task<string> DescribeAsync(DatabaseName database, Pristine pristine, ResetConnection unused, CancellationToken cancellationToken)
    {
        await using var used = await ResetConnection.OpenAsync(server, database, searchPath, cancellationToken);
        var probe = new Probe(used, pristine);
        var changes = await TryFindChangesAsync(used, probe, cancellationToken);
        var touched = await probe.FindTouchedAsync(since!, cancellationToken);
        var catalogue = touched.Count > 0 ? await probe.CompareAsync(touched, since!, cancellationToken, Difference.MostObjects) : null;
        var known = pristine.Tables.Select(table => table.Id).ToHashSet();
        var changed = changes?.Tables.Select(table => table.Id).ToHashSet();
        return await new Difference(used, unused).DescribeAsync(
            id => changed?.Contains(id) != false || !known.Contains(id), changes?.Sequences ?? [], catalogue, cancellationToken);
    }

    /// <summary>Lets go of the database, so that it can be renamed or dropped.</summary>
    public async Task CloseAsync()
    {
        if (connection is not null)
            await connection.DisposeAsync();
        connection = null;
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <returns>Null when a table is gone, or has another column.</returns>
    private async Task<Changes?> TryFindChangesAsync(ResetConnection used, Probe probe, CancellationToken cancellationToken)
    {
        try
        {
            return (await probe.FindChangesAsync(since!, cancellationToken)).Changes;
        }
        catch (PostgresException) when (used.IsOpen)
        {
            return null;
        }
    }

    private async Task<string?> RestoreAsync(ResetConnection connection, Probe probe, Pristine pristine, CancellationToken cancellationToken)
    {
        var start = await connection.ReadOneAsync<string>(ResetSql.Now, cancellationToken);

        // First, as a rolled-back insert among rows that stay leaves no other trace. It skips pages that nobody wrote to, and marks those of a
        // materialized view that was refreshed with what it held.
        await VacuumAsync(connection, pristine.FilledTables, cancellationToken);
        var (changes, mayRunCode) = await probe.FindChangesAsync(since!, cancellationToken);

        // A rule or trigger of the test's would run with the undo, and where a table was, something else may be: another server's table.
        if (mayRunCode && await FindCatalogueChangeAsync(connection, probe, cancellationToken) is { } made)
            return made;

        for (var pass = 1; ; pass++)
        {
            // Where foreign keys hold, rows go together with those that refer to them.
            var tables = connection.DisablesTriggers ? changes.Tables : pristine.WithReferring(changes.Tables);
            var hopeless = FindHopeless(pristine, changes, tables, pass);
            if (hopeless is null)
                await UndoAsync(connection, changes, tables, cancellationToken);
            var proof = await probe.ProveAsync(since!, start, cancellationToken);
            if (await FindCatalogueChangeAsync(probe, proof.Oldest, proof.Touched, cancellationToken) is { } change)
                return change;

            // Where connections are kept, code of the test that held the lease can still use them.
            if (proof.LateWork is { } work)
                return $"it went on after its release, with: {work}";
            if (hopeless is not null || proof.Changes.IsNone)
                return hopeless;
            changes = proof.Changes;
        }
    }

    private async Task<string?> FindCatalogueChangeAsync(ResetConnection connection, Probe probe, CancellationToken cancellationToken)
    {
        // Asked first: what is still being written is not in the comparison.
        var oldest = await connection.ReadOneAsync<string>(ResetSql.OldestTransaction, cancellationToken);
        return await FindCatalogueChangeAsync(probe, oldest, await probe.FindTouchedAsync(since!, cancellationToken), cancellationToken);
    }

    private async Task<string?> FindCatalogueChangeAsync(Probe probe, string oldest, IReadOnlyList<string> touched, CancellationToken cancellationToken)
    {
        if (touched.Count == 0)
            return null;
        if (await probe.CompareAsync(touched, since!, cancellationToken) is { IsReal: true } change)
            return $"it changed {change}";
        since = oldest;
        return null;
    }

    /// <param name="pristine">What it was cloned as.</param>
    /// <param name="changes">What is not so.</param>
    /// <param name="tables">Those whose rows have to be written again for that.</param>
    /// <param name="pass">From 1.</param>
    private static string? FindHopeless(Pristine pristine, Changes changes, IReadOnlyList<PristineTable> tables, int pass)
    {
        if (!changes.IsNone && pass > MostPasses)
            return $"it changed {changes}, which could not be undone";
        if (tables.FirstOrDefault(table => table.IsMaterialized || (!table.IsEmpty && table.Rows is null)) is { } unwritable)
            return $"it changed the rows of {unwritable.Name}, which are too many to write again, or a view's";

        var filled = tables.Where(table => !table.IsEmpty).Select(table => table.Id).ToHashSet();
        return pristine.Indexes.FirstOrDefault(index => index.HasOrderOfItsOwn && filled.Contains(index.Table)) is { } unlike
            ? $"it changed rows of the index {unlike.Name}, whose kind ({unlike.Method}) comes out otherwise each time"
            : null;
    }

    private static async Task UndoAsync(ResetConnection connection, Changes changes, IReadOnlyList<PristineTable> tables, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(
            [
                .. tables.Select(table => ResetSql.DeleteRows(table.Name)),
                .. changes.Sequences.Select(sequence => ResetSql.SetSequence(sequence.Id, sequence.Value, sequence.IsCalled)),
            ],
            cancellationToken);
        await VacuumAsync(connection, tables, cancellationToken);
        await WriteAsync(connection, [.. tables.Where(table => table.Rows is not null).Reverse()], cancellationToken);
        foreach (var index in changes.Indexes)
            await connection.ExecuteAsync(ResetSql.Reindex(index), cancellationToken);
    }

    // Those that others refer to first, and all in one transaction, at whose end deferred foreign keys may hold in a cycle.
    private static async Task WriteAsync(ResetConnection connection, IReadOnlyList<PristineTable> tables, CancellationToken cancellationToken)
    {
        if (tables.Count == 0)
            return;

        await connection.ExecuteAsync(ResetSql.Begin, cancellationToken);
        foreach (var table in tables)
            await connection.CopyInAsync(table.Name, table.Rows!, cancellationToken);
        await connection.ExecuteAsync(ResetSql.Commit, cancellationToken);
        await VacuumAsync(connection, tables, cancellationToken);
    }

    private static async Task VacuumAsync(ResetConnection connection, IEnumerable<PristineTable> tables, CancellationToken cancellationToken)
    {
        var names = tables.Select(table => table.Name).ToList();
        if (names.Count > 0)
            await connection.ExecuteAsync(ResetSql.Vacuum(names), cancellationToken);
    }
}
