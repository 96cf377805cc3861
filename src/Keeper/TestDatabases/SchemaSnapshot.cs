using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Resets;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.TestDatabases;

/// <summary>The tables of a database as text: each with its columns, constraints and indexes below it.</summary>
internal static class SchemaSnapshot
{
    private const string Indent = "  ";

    /// <summary>Of what the migrations make, read off a copy of the template.</summary>
    public static async Task<IReadOnlyList<string>> OfTemplateAsync(PostgresServer server, TemplateStore store, CancellationToken cancellationToken)
    {
        await using var copy = await ScratchDatabase.CopyAsync(server, store, cancellationToken);
        return await OfDatabaseAsync(server, copy.Name, cancellationToken);
    }

    public static async Task<IReadOnlyList<string>> OfDatabaseAsync(PostgresServer server, DatabaseName database, CancellationToken cancellationToken)
    {
        await using var connection = await ResetConnection.OpenAsync(server, database, searchPath: null, cancellationToken);
        return await ReadAsync(connection, cancellationToken);
    }

    public static Task<IReadOnlyList<string>> ReadAsync(ResetConnection connection, CancellationToken cancellationToken)
        => connection.ReadAsync(InspectSql.DescribeSchema, reader => OneLine(reader.GetString(0)), cancellationToken);

    /// <returns>What is to be taken away ("-") and added ("+") to come from the one to the other, below its table; empty when they are equal.</returns>
    public static IReadOnlyList<string> Compare(IReadOnlyList<string> expected, IReadOnlyList<string> actual)
    {
        var (before, after) = (ByTable(expected), ByTable(actual));
        var differences = new List<string>();
        foreach (var table in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (was, has) = (before.GetValueOrDefault(table), after.GetValueOrDefault(table));
            if (was is null || has is null)
            {
                differences.AddRange((was ?? has!).Prepend(table).Select(line => (has is null ? "- " : "+ ") + line));
                continue;
            }

            // The order of columns is part of a table; what is only elsewhere among them is told as taken away and added.
            var lines = LineDifference.Find(was, has);
            if (lines.Count > 0)
                differences.AddRange(lines.Prepend("  " + table));
        }

        return differences;
    }

    // The server breaks long expressions, and literals have breaks of their own.
    private static string OneLine(string line)
        => line.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static Dictionary<string, List<string>> ByTable(IEnumerable<string> lines)
    {
        var tables = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string>? current = null;
        foreach (var line in lines)
        {
            if (line.StartsWith(Indent, StringComparison.Ordinal) && current is not null)
                current.Add(line);
            else
                tables[line] = current = [];
        }

        return tables;
    }
}
