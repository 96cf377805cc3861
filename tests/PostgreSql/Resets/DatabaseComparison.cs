using Npgsql;

namespace SchemaIsolation.Tests.PostgreSql.Resets;

/// <summary>What of one database is not as in another.</summary>
internal static class DatabaseComparison
{
    private const int MostLines = 6;

    /// <returns>Each difference in words; none when there is none.</returns>
    public static IReadOnlyList<string> Find(IReadOnlyDictionary<string, string> used, IReadOnlyDictionary<string, string> unused)
        => [.. used.Keys.Union(unused.Keys, StringComparer.Ordinal)
            .Where(name => used.GetValueOrDefault(name) != unused.GetValueOrDefault(name))
            .Select(name => Describe(name, used.GetValueOrDefault(name), unused.GetValueOrDefault(name)))];

    /// <summary>The catalogues that differ, row by row.</summary>
    public static async Task<IReadOnlyList<string>> FindInDefinitionsAsync(
        NpgsqlConnection usedConnection, IReadOnlyDictionary<string, string> used, NpgsqlConnection unusedConnection, IReadOnlyDictionary<string, string> unused)
    {
        var differences = new List<string>();
        foreach (var name in used.Keys.Where(name => used[name] != unused[name]))
        {
            var isHash = name.StartsWith("pg_", StringComparison.Ordinal);
            differences.Add(Describe(
                name,
                isHash ? await DatabaseReading.ReadCatalogueAsync(usedConnection, name) : used[name],
                isHash ? await DatabaseReading.ReadCatalogueAsync(unusedConnection, name) : unused[name]));
        }

        return differences;
    }

    private static string Describe(string name, string? used, string? unused)
    {
        var (usedLines, unusedLines) = (Lines(used), Lines(unused));
        var lines = usedLines.Except(unusedLines, StringComparer.Ordinal).Take(MostLines).Select(line => $"  used:   {line}")
            .Concat(unusedLines.Except(usedLines, StringComparer.Ordinal).Take(MostLines).Select(line => $"  unused: {line}"));
        return $"{name}\n{string.Join('\n', lines.Select(line => line.Length > 200 ? line[..200] : line))}";
    }

    private static string[] Lines(string? text) => text?.Split('\n') ?? [];
}
