using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Resets;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.TestDatabases;

/// <summary>Gives a database the rows of a template again: read off a copy, written in one transaction.</summary>
internal static class RowRestore
{
    /// <exception cref="SchemaIsolationException">SI4006: the tables differ, or their rows cannot be written.</exception>
    public static async Task<RestoredRows> RunAsync(PostgresServer server, DatabaseName database, TemplateStore store, CancellationToken cancellationToken)
    {
        await using var copy = await TemplateCopy.MakeAsync(server, store, cancellationToken);
        await using var original = await ResetConnection.OpenAsync(server, copy.Name, searchPath: null, cancellationToken);
        var pristine = await Pristine.ReadAsync(original, cancellationToken);
        var tables = pristine.Tables.Where(table => !table.IsMaterialized).ToList();

        await using var connection = await ResetConnection.OpenAsync(server, database, searchPath: null, cancellationToken);
        await RequireSameTablesAsync(connection, original, database, cancellationToken);
        if (tables.FirstOrDefault(table => !table.IsEmpty && table.Rows is null) is { } unwritable)
            throw new SchemaIsolationException("SI4006", $"The rows of {unwritable.Name} are too many to be written again, or of a type that cannot be. Make the test database anew with \"schema-isolation reset\".");

        try
        {
            await connection.ExecuteAsync(ResetSql.Begin, cancellationToken);
            if (tables.Count > 0)
                await connection.ExecuteAsync(InspectSql.Truncate(tables.Select(table => table.Name)), cancellationToken);

            // Those that others refer to first.
            var filled = tables.Where(table => table.Rows is not null).Reverse().ToList();
            foreach (var table in filled)
                await connection.CopyInAsync(table.Name, table.Rows!, cancellationToken);
            await connection.ExecuteAsync(pristine.Sequences.Select(sequence => InspectSql.SetSequence(sequence.Name, sequence.Value, sequence.IsCalled)), cancellationToken);
            foreach (var view in await connection.ReadAsync(InspectSql.ListMaterializedViews, reader => reader.GetString(0), cancellationToken))
                await connection.ExecuteAsync(InspectSql.Refresh(view), cancellationToken);
            await connection.ExecuteAsync(ResetSql.Commit, cancellationToken);
            return new RestoredRows(tables.Count, filled.Count);
        }
        catch (PostgresException exception)
        {
            throw new SchemaIsolationException("SI4006", $"The rows of test database \"{database}\" are as they were, because they could not all be restored. Make it anew with \"schema-isolation reset\": {exception.MessageText}", exception);
        }
    }

    private static async Task RequireSameTablesAsync(ResetConnection connection, ResetConnection original, DatabaseName database, CancellationToken cancellationToken)
    {
        var differences = SchemaSnapshot.Compare(await SchemaSnapshot.ReadAsync(original, cancellationToken), await SchemaSnapshot.ReadAsync(connection, cancellationToken));
        if (differences.Count > 0)
            throw new SchemaIsolationException("SI4006", $"The tables of test database \"{database}\" are not those that the project's migrations make: {MessageText.List(differences)}. Make it anew with \"schema-isolation reset\".");
    }
}
