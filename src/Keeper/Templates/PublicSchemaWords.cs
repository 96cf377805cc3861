using System.Text.RegularExpressions;
using SchemaIsolation.Keeper.Migrations;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>Words of migrations that are about the schema <c>public</c>, and neither fail nor do anything in another one.</summary>
internal static partial class PublicSchemaWords
{
    /// <returns>Each with its file.</returns>
    public static IReadOnlyList<string> Find(IEnumerable<MigrationFile> files)
        => [.. files.SelectMany(file => Words().Matches(file.Text).Select(match => $"\"{match.Value}\" in {file.Name}")).Distinct(StringComparer.Ordinal)];

    // Grants and default privileges, and what asks the catalogue for the schema by name. A comment counts: it costs no more than the better isolation.
    [GeneratedRegex("""\bin\s+schema\s+"?public\b|\b(table_schema|constraint_schema|sequence_schema|routine_schema|specific_schema|schemaname|schema_name|nspname)\s*=\s*'public'""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Words();
}
