using Npgsql;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>Whether copies of the same schema in one database are apart from each other, and alike.</summary>
internal static class SchemaProof
{
    private const int MostTextShown = 80;

    /// <param name="connection">To the database that holds the copies.</param>
    /// <param name="copies">Two at least: what ties copies together, or makes them differ, shows from the second on.</param>
    /// <param name="since">The first transaction after the first copy was made.</param>
    /// <param name="allowsTypes">Whether a type may be in several copies: a client that maps types by their plain names finds more than one.</param>
    /// <param name="isOfOthers">Whether what <see cref="ListOutsideAsync"/> lists is none of the migrations' doing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SchemaIsolationException">SI1208, with what is in the way.</exception>
    public static async Task RequireAsync(
        NpgsqlConnection connection, IReadOnlyList<MigrationTarget> copies, string since, bool allowsTypes, Func<string, bool> isOfOthers, CancellationToken cancellationToken)
    {
        string[] names = [.. copies.Select(copy => copy.SchemaName!)];

        // The server names what is not in the search path with its schema.
        await ExecuteAsync(connection, CopySql.QualifyNames, cancellationToken);
        Refuse([.. (await ListOutsideAsync(connection, names, cancellationToken)).Where(found => !isOfOthers(found))], "The migrations leave objects outside the schema they are run into, where all tests would share them");
        Refuse(await ListAsync(connection, CatalogueSql.ListCrossReferences, [names], cancellationToken), "Run into several schemas, the migrations tie them together");
        Refuse(await ListAsync(connection, CopySql.ListStrayFunctions, [names[^1]], cancellationToken), "Functions look for names outside the schema they are in");
        await RequireAlikeAsync(connection, copies, cancellationToken);
        await RequireUntouchedAsync(connection, copies[0], since, cancellationToken);
        if (!allowsTypes)
            Refuse(await ListAsync(connection, CopySql.ListTypes, [names[0]], cancellationToken), "Several copies in one database would each have types of the same names, and clients that map types by name refuse that");
        await ExecuteAsync(connection, CopySql.QualifyNamesNoMore, cancellationToken);
    }

    /// <summary>What is in the database and in none of the copies.</summary>
    public static Task<IReadOnlyList<string>> ListOutsideAsync(NpgsqlConnection connection, string[] copies, CancellationToken cancellationToken)
        => ListAsync(connection, CatalogueSql.ListShared, [copies], cancellationToken);

    // What asks the catalogue for tables finds those of all copies: the rows of each are then as often changed as copies come after it.
    private static async Task RequireUntouchedAsync(NpgsqlConnection connection, MigrationTarget copy, string since, CancellationToken cancellationToken)
    {
        var tables = await ListAsync(connection, CopySql.ListTables, [copy.SchemaName!], cancellationToken);
        if (tables.Count == 0)
            return;

        await ExecuteAsync(connection, CopySql.UseNames(copy.SearchPath!), cancellationToken);
        await using var command = new NpgsqlCommand(CopySql.ListWritten(copy.SchemaName!, tables, since), connection);
        Refuse(await ReadAsync(command, cancellationToken), "Run into several schemas, the migrations write rows into tables of another one");
        await ExecuteAsync(connection, CopySql.QualifyNames, cancellationToken);
    }

    private static async Task RequireAlikeAsync(NpgsqlConnection connection, IReadOnlyList<MigrationTarget> copies, CancellationToken cancellationToken)
    {
        var first = await DescribeAsync(connection, copies[0], cancellationToken);
        foreach (var copy in copies.Skip(1))
        {
            var other = await DescribeAsync(connection, copy, cancellationToken);
            if (first.Count == 0 || other.Count == 0)
                throw Refusal("The migrations drop or rename the schema they are run into.");
            if (!first.SequenceEqual(other, StringComparer.Ordinal))
                throw Refusal($"Run into several schemas, the migrations do not make them alike; only one has {Show(first.Except(other, StringComparer.Ordinal))}, and only another {Show(other.Except(first, StringComparer.Ordinal))}.");
        }
    }

    /// <returns>What the copy holds, and how many rows; nothing when it does not exist.</returns>
    private static async Task<IReadOnlyList<string>> DescribeAsync(NpgsqlConnection connection, MigrationTarget copy, CancellationToken cancellationToken)
    {
        var definitions = await ListAsync(connection, CopySql.ListDefinitions, [copy.SchemaName!], cancellationToken);
        var tables = await ListAsync(connection, CopySql.ListTables, [copy.SchemaName!], cancellationToken);
        if (tables.Count == 0)
            return definitions;

        // With the names that a test has: even to plan a query of a table the server looks into the functions that its indexes are of.
        await ExecuteAsync(connection, CopySql.UseNames(copy.SearchPath!), cancellationToken);
        await using var command = new NpgsqlCommand(CopySql.CountRows(copy.SchemaName!, tables), connection);
        var rows = await ReadAsync(command, cancellationToken);
        await ExecuteAsync(connection, CopySql.QualifyNames, cancellationToken);
        return [.. definitions, .. rows];
    }

    private static string Show(IEnumerable<string> lines)
    {
        var shown = lines.Select(line => line.Length <= MostTextShown ? $"\"{line}\"" : $"\"{line[..MostTextShown]}…\"").ToList();
        return shown.Count == 0 ? "nothing more" : MessageText.List(shown);
    }

    /// <exception cref="SchemaIsolationException">SI1208: there are such objects.</exception>
    public static void Refuse(IReadOnlyList<string> objects, string what)
    {
        if (objects.Count > 0)
            throw Refusal($"{what}: {MessageText.List(objects)}.");
    }

    private static SchemaIsolationException Refusal(string reason) => new("SI1208", reason);

    public static async Task<IReadOnlyList<string>> ListAsync(NpgsqlConnection connection, string sql, object[] parameters, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return await ReadAsync(command, cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
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
