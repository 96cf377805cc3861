using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Resets;

/// <summary>Lays the rows of a template as a reset lays them, so that what a reset restores can be what every clone begins with.</summary>
internal static class RowLayout
{
    private static readonly TimeSpan VacuumInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan VacuumTimeLimit = TimeSpan.FromSeconds(3);

    /// <param name="server">Where the template is.</param>
    /// <param name="template">The template.</param>
    /// <param name="searchPath">Where names lead in a test that uses a clone; null for the server's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task SettleAsync(PostgresServer server, DatabaseName template, string? searchPath, CancellationToken cancellationToken)
    {
        await using var connection = await ResetConnection.OpenAsync(server, template, searchPath, cancellationToken);
        Pristine pristine;
        try
        {
            pristine = await Pristine.ReadAsync(connection, cancellationToken);
        }
        catch (PostgresException)
        {
            // As of a role that row security holds for. It can be used once; whoever wants to reset a clone of it is told why not.
            return;
        }

        var filled = pristine.Tables.Where(table => table.Rows is not null).ToList();
        var rewritten = await FindRewritableAsync(connection, pristine, filled, cancellationToken);
        await connection.ExecuteAsync(rewritten.Select(table => ResetSql.DeleteRows(table.Name)), cancellationToken);
        if (rewritten.Count > 0)
            await connection.ExecuteAsync(ResetSql.Vacuum(rewritten.Select(table => table.Name)), cancellationToken);
        await connection.ExecuteAsync(ResetSql.Begin, cancellationToken);
        await WriteAsync(connection, pristine, rewritten, cancellationToken);
        await connection.ExecuteAsync(ResetSql.Commit, cancellationToken);
        await connection.ExecuteAsync(
            pristine.Sequences.Select(sequence => ResetSql.SetSequence(sequence.Id, sequence.Value, sequence.IsCalled)), cancellationToken);
        await connection.ExecuteAsync(ResetSql.FlushLog, cancellationToken);

        // An index that has grown row by row comes out larger or smaller each time; one that is built of all rows at once is always the same.
        foreach (var table in pristine.FilledTables)
            await TryExecuteAsync(connection, ResetSql.ReindexTable(table.Name), cancellationToken);

        // All of them: of a table that was never vacuumed the planner knows less.
        await VacuumAllAsync(connection, pristine, cancellationToken);
        foreach (var table in pristine.Tables)
            await TryExecuteAsync(connection, ResetSql.Analyze(table.Name), cancellationToken);
    }

    // Both run what indexes are of, from PostgreSQL 17 on with no search path but pg_catalog, where a function in one may not find its names: such a table is left as it is.
    private static async Task TryExecuteAsync(ResetConnection connection, string sql, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync(sql, cancellationToken);
        }
        catch (PostgresException) when (connection.IsOpen)
        {
            // As said.
        }
    }

    // As long as an autovacuum's look at a table keeps rows from being visible to all, which is what a reset proves its vacuums by.
    private static async Task VacuumAllAsync(ResetConnection connection, Pristine pristine, CancellationToken cancellationToken)
    {
        if (pristine.Tables.Count == 0)
            return;

        await Poll.UntilAsync(
            async () =>
            {
                await connection.ExecuteAsync(ResetSql.Vacuum(pristine.Tables.Select(table => table.Name)), cancellationToken);
                return await connection.ReadOneAsync<long>(ResetSql.CountNotVisible, cancellationToken) == 0;
            },
            VacuumInterval,
            VacuumTimeLimit,
            cancellationToken);
    }

    private static IEnumerable<PristineTable> FindEmpty(Pristine pristine) => pristine.Tables.Where(table => table.IsEmpty && !table.IsMaterialized);

    // What triggers wrote meanwhile to tables that are empty, as an audit's, goes again.
    private static async Task WriteAsync(ResetConnection connection, Pristine pristine, List<PristineTable> tables, CancellationToken cancellationToken)
    {
        foreach (var table in Enumerable.Reverse(tables))
            await connection.CopyInAsync(table.Name, table.Rows!, cancellationToken);
        if (tables.Count > 0)
            await connection.ExecuteAsync(FindEmpty(pristine).Select(table => ResetSql.DeleteRows(table.Name)), cancellationToken);
    }

    /// <summary>The tables whose rows come back as they were: all, or else those of which that is so each by itself.</summary>
    private static async Task<List<PristineTable>> FindRewritableAsync(
        ResetConnection connection, Pristine pristine, List<PristineTable> filled, CancellationToken cancellationToken)
    {
        if (await TryRewriteAsync(connection, pristine, filled, cancellationToken))
            return filled;

        var rewritable = new List<PristineTable>();
        foreach (var table in filled)
        {
            if (await TryRewriteAsync(connection, pristine, [table], cancellationToken))
                rewritable.Add(table);
        }

        // Each by itself is not yet all of them one after the other.
        return await TryRewriteAsync(connection, pristine, rewritable, cancellationToken) ? rewritable : [];
    }

    // Triggers and rules can change what is written, in other tables as well, and a constraint that is not valid refuses rows that are there.
    private static async Task<bool> TryRewriteAsync(ResetConnection connection, Pristine pristine, List<PristineTable> tables, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(ResetSql.Begin, cancellationToken);
        try
        {
            var before = await connection.ReadOneAsync<string[]>(pristine.ReadContents(), cancellationToken);
            await connection.ExecuteAsync(tables.Select(table => ResetSql.DeleteRows(table.Name)), cancellationToken);
            await WriteAsync(connection, pristine, tables, cancellationToken);
            await connection.ExecuteAsync(ResetSql.CheckConstraints, cancellationToken);
            var after = await connection.ReadOneAsync<string[]>(pristine.ReadContents(), cancellationToken);
            return before.AsSpan().SequenceEqual(after);
        }
        catch (PostgresException)
        {
            return false;
        }
        finally
        {
            await connection.ExecuteAsync(ResetSql.Rollback, CancellationToken.None);
        }
    }
}
