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
        var copies = Enumerable.Range(1, isNew ? Math.Max(source.Copies, FewestCompared) : source.Copies).Select(number => MigrationTarget.Schema(SchemaName.For(number), isFirstInDatabase: number == 1)).ToArray();
        var since = string.Empty;
        foreach (var copy in copies)
        {
            if (isNew)
                await CreateAsync(connection, copy.SchemaName!, source.TestRole, cancellationToken);
            await RunCopyAsync(copy, runAsync);
            if (copy == copies[0])
                since = await ReadNextTransactionAsync(connection, cancellationToken);
        }

        await ForgetSettingsAsync(connection, cancellationToken);
        SchemaProof.Refuse(PublicSchemaWords.Find(source.Files), "The migrations say what is to be done in the schema public, and would do nothing in another");
        await SchemaProof.RequireAsync(connection, copies, since, allowsTypes: source.Copies == 1 || source.AllowsTypesInCopies, _ => false, cancellationToken);
        foreach (var surplus in copies.Skip(source.Copies))
            await ExecuteAsync(connection, Sql.DropSchema(surplus.SchemaName!), cancellationToken);
    }

    /// <summary>Makes a schema that whoever tests may use.</summary>
    public static async Task CreateAsync(NpgsqlConnection connection, string schema, string? testRole, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, Sql.CreateSchema(schema), cancellationToken);
        if (testRole is not null)
            await ExecuteAsync(connection, Sql.GrantUsage(schema, testRole), cancellationToken);
    }

    /// <summary>What the last file has set holds no longer.</summary>
    public static Task ForgetSettingsAsync(NpgsqlConnection connection, CancellationToken cancellationToken) => ExecuteAsync(connection, "reset all", cancellationToken);

    /// <exception cref="SchemaIsolationException">SI1207: the steps failed.</exception>
    public static async Task RunCopyAsync(MigrationTarget target, Func<MigrationTarget, Task> runAsync)
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

    public static async Task<string> ReadNextTransactionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
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
