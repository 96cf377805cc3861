using Npgsql;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>Fills a schema template: the same files once for each copy, then the check that the copies are apart and alike.</summary>
internal static class SchemaReplay
{
    // What ties copies together, or makes them differ, shows from the second on.
    private const int FewestCompared = 2;

    private const string WayOut = "Lease these tests with IsolatedDatabase, which runs the migrations once, where they stand.";

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
        await RequireApartAsync(connection, copies, cancellationToken);
        await RequireAlikeAsync(connection, copies, cancellationToken);
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
            throw new SchemaIsolationException("SI1207", $"The migrations cannot be run into schema \"{target.SchemaName}\", one of several copies in a database. {WayOut} {exception.Reason}", exception);
        }
    }

    private static async Task RequireApartAsync(NpgsqlConnection connection, string[] copies, CancellationToken cancellationToken)
    {
        var shared = await ListAsync(connection, CatalogueSql.ListShared, copies, cancellationToken);
        if (shared.Count > 0)
            throw new SchemaIsolationException("SI1208", $"The migrations leave objects outside the schema they are run into, where all tests would share them: {MessageText.List(shared)}. {WayOut}");

        var references = await ListAsync(connection, CatalogueSql.ListCrossReferences, copies, cancellationToken);
        if (references.Count > 0)
            throw new SchemaIsolationException("SI1208", $"Run into several schemas, the migrations tie them together: {MessageText.List(references)}. {WayOut}");
    }

    private static async Task RequireAlikeAsync(NpgsqlConnection connection, string[] copies, CancellationToken cancellationToken)
    {
        var all = await ListAsync(connection, CatalogueSql.CountObjects, copies, cancellationToken);
        if (all.Count < copies.Length)
            throw new SchemaIsolationException("SI1208", $"The migrations drop or rename the schema they are run into. {WayOut}");

        var counts = all.Distinct(StringComparer.Ordinal).ToList();
        if (counts.Count > 1)
            throw new SchemaIsolationException("SI1208", $"The migrations made one schema with {counts[0]}, and another with {counts[1]}; they skip what they find in a different schema. {WayOut}");
    }

    private static async Task<IReadOnlyList<string>> ListAsync(
        NpgsqlConnection connection, string sql, string[] copies, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = copies });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            lines.Add(reader.GetString(0));
        return lines;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
