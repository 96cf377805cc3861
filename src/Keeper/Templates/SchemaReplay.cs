using Npgsql;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>Fills a schema template: the same files once for each copy, then the proof that the copies are apart and alike.</summary>
internal static class SchemaReplay
{
    private const int FewestCompared = 2;

    /// <exception cref="SchemaIsolationException">SI1207: a replay failed; SI1208: the copies share something, or differ.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, TemplateSource source, CancellationToken cancellationToken)
    {
        var copies = Enumerable.Range(1, Math.Max(source.Copies, FewestCompared)).Select(SchemaName.For).ToArray();
        for (var i = 0; i < copies.Length; i++)
        {
            await ExecuteAsync(connection, Sql.CreateSchema(copies[i]), cancellationToken);
            await RunCopyAsync(connection, source, MigrationTarget.Schema(copies[i], isFirstInDatabase: i == 0), cancellationToken);
        }

        await ExecuteAsync(connection, "reset all", cancellationToken);
        await SchemaProof.RequireAsync(connection, copies, allowsTypes: source.Copies == 1 || source.AllowsTypesInCopies, cancellationToken);
        foreach (var surplus in copies.Skip(source.Copies))
            await ExecuteAsync(connection, Sql.DropSchema(surplus), cancellationToken);
    }

    private static async Task RunCopyAsync(
        NpgsqlConnection connection, TemplateSource source, MigrationTarget target, CancellationToken cancellationToken)
    {
        try
        {
            await MigrationRunner.RunAsync(connection, source.Files, target, source.TimeLimitPerFile, cancellationToken);
        }
        catch (SchemaIsolationException exception) when (exception.Code == "SI1206")
        {
            throw new SchemaIsolationException("SI1207", $"The migrations cannot be run into schema \"{target.SchemaName}\", one of several copies in a database. {exception.Reason}", exception);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
