using Npgsql;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>Fills a schema template: the same steps once for each copy, then the proof that the copies are apart and alike.</summary>
internal static class SchemaReplay
{
    private const int FewestCompared = 2;

    /// <param name="connection">To the database to fill.</param>
    /// <param name="source">What from. Where it starts from another template the copies are there already.</param>
    /// <param name="runAsync">Runs the steps into one copy.</param>
    /// <param name="cancellationToken">Ends the statement that runs.</param>
    /// <exception cref="SchemaIsolationException">SI1207: a replay failed; SI1208: the copies share something, or differ.</exception>
    public static async Task RunAsync(
        NpgsqlConnection connection, TemplateSource source, Func<MigrationTarget, Task> runAsync, CancellationToken cancellationToken)
    {
        var isNew = source.Parent is null;
        var copies = Enumerable.Range(1, isNew ? Math.Max(source.Copies, FewestCompared) : source.Copies).Select(SchemaName.For).ToArray();
        var since = string.Empty;
        for (var i = 0; i < copies.Length; i++)
        {
            if (isNew)
                await ExecuteAsync(connection, Sql.CreateSchema(copies[i]), cancellationToken);
            if (isNew && source.TestRole is { } role)
                await ExecuteAsync(connection, Sql.GrantUsage(copies[i], role), cancellationToken);
            await RunCopyAsync(MigrationTarget.Schema(copies[i], isFirstInDatabase: i == 0), runAsync);
            if (i == 0)
                since = await ReadNextTransactionAsync(connection, cancellationToken);
        }

        await ExecuteAsync(connection, "reset all", cancellationToken);
        SchemaProof.Refuse(PublicSchemaWords.Find(source.Files), "The migrations say what is to be done in the schema public, and would do nothing in another");
        await SchemaProof.RequireAsync(connection, copies, since, allowsTypes: source.Copies == 1 || source.AllowsTypesInCopies, cancellationToken);
        foreach (var surplus in copies.Skip(source.Copies))
            await ExecuteAsync(connection, Sql.DropSchema(surplus), cancellationToken);
    }

    private static async Task RunCopyAsync(MigrationTarget target, Func<MigrationTarget, Task> runAsync)
    {
        try
        {
            await runAsync(target);
        }
        catch (SchemaIsolationException exception) when (exception.Code == "SI1206")
        {
            throw new SchemaIsolationException("SI1207", $"The migrations cannot be run into schema \"{target.SchemaName}\", one of several copies in a database. {exception.Reason}", exception);
        }
    }

    private static async Task<string> ReadNextTransactionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(ResetSql.NextTransaction, connection);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
