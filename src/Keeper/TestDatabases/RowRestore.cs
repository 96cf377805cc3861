using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Resets;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.TestDatabases;

/// <summary>Gives a database the rows of a template again: read off a copy, written in one transaction.</summary>
/// <remarks>As text: unlike a clone, the database has other object ids than the template, and binary rows have such ids in them.</remarks>
internal static class RowRestore
{
    /// <exception cref="SchemaIsolationException">SI4006: the tables differ, are locked, or their rows cannot be written.</exception>
    public static async Task<RestoredRows> RunAsync(PostgresServer server, DatabaseName database, TemplateStore store, CancellationToken cancellationToken)
    {
        await using var copy = await ScratchDatabase.CopyAsync(server, store, cancellationToken);
        await using var original = await ResetConnection.OpenAsync(server, copy.Name, searchPath: null, cancellationToken);
        await using var connection = await ResetConnection.OpenAsync(server, database, searchPath: null, cancellationToken);
        try
        {
            var pristine = await Pristine.ReadAsync(original, cancellationToken);
            await RequireSameTablesAsync(connection, original, database, cancellationToken);
            return await RunAsync(connection, original, pristine, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable) // 55P03
        {
            throw new SchemaIsolationException("SI4006", $"The rows of test database \"{database}\" are as they were, because somebody is at work in its tables. End that transaction, and run the command again: {exception.MessageText}", exception);
        }
        catch (PostgresException exception)
        {
            throw new SchemaIsolationException("SI4006", $"The rows of test database \"{database}\" are as they were, because they could not all be restored. Make it anew with \"schema-isolation reset\": {exception.MessageText}", exception);
        }
    }

    private static async Task<RestoredRows> RunAsync(ResetConnection connection, ResetConnection original, Pristine pristine, CancellationToken cancellationToken)
    {
        var tables = pristine.Tables.Where(table => !table.IsMaterialized).ToList();
        await connection.ExecuteAsync(ResetSql.Begin, cancellationToken);
        await connection.ExecuteAsync(ResetSql.DeferConstraints, cancellationToken);
        await WithoutTriggersAsync(
            connection,
            async () =>
            {
                if (tables.Count > 0)
                    await connection.ExecuteAsync(InspectSql.Truncate(tables.Select(table => table.Name)), cancellationToken);

                // Those that others refer to first.
                foreach (var table in tables.Where(table => !table.IsEmpty).Reverse())
                    await connection.CopyTextAsync(original, table.Name, cancellationToken);

                // What was deferred has to be checked before a table can be altered.
                await connection.ExecuteAsync(ResetSql.CheckConstraints, cancellationToken);
            },
            cancellationToken);
        await connection.ExecuteAsync(pristine.Sequences.Select(sequence => InspectSql.SetSequence(sequence.Name, sequence.Value, sequence.IsCalled)), cancellationToken);
        foreach (var view in await connection.ReadAsync(InspectSql.ListMaterializedViews, reader => reader.GetString(0), cancellationToken))
            await connection.ExecuteAsync(InspectSql.Refresh(view), cancellationToken);
        await connection.ExecuteAsync(ResetSql.Commit, cancellationToken);
        return new RestoredRows(tables.Count, tables.Count(table => !table.IsEmpty));
    }

    // A superuser's connection runs none; another role switches off those of its tables, in the same transaction.
    private static async Task WithoutTriggersAsync(ResetConnection connection, Func<Task> runAsync, CancellationToken cancellationToken)
    {
        var triggers = connection.DisablesTriggers
            ? []
            : await connection.ReadAsync(InspectSql.ListTriggers, reader => (Table: reader.GetString(0), Name: reader.GetString(1), IsAlways: reader.GetBoolean(2)), cancellationToken);
        await connection.ExecuteAsync(triggers.Select(trigger => InspectSql.DisableTrigger(trigger.Table, trigger.Name)), cancellationToken);
        await runAsync();
        await connection.ExecuteAsync(triggers.Select(trigger => InspectSql.EnableTrigger(trigger.Table, trigger.Name, trigger.IsAlways)), cancellationToken);
    }

    private static async Task RequireSameTablesAsync(ResetConnection connection, ResetConnection original, DatabaseName database, CancellationToken cancellationToken)
    {
        var differences = SchemaSnapshot.Compare(await SchemaSnapshot.ReadAsync(original, cancellationToken), await SchemaSnapshot.ReadAsync(connection, cancellationToken));
        if (differences.Count > 0)
            throw new SchemaIsolationException("SI4006", $"The tables of test database \"{database}\" are not those that the project's migrations make: {MessageText.List(differences)}. Make it anew with \"schema-isolation reset\".");
    }
}
