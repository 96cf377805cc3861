using System.Text;

namespace SchemaIsolation.Tests.PostgreSql.Templates;

/// <summary>The table of docs/isolation.md, made of what the tests of the wild migrations expect.</summary>
internal static class IsolationPage
{
    private const string Head = "| Migrations | `Auto` gives | Why no better | With `Reuse` `Never` | A used slot |\n| --- | --- | --- | --- | --- |\n";

    /// <param name="page">As it is: what stands above the table stays.</param>
    /// <param name="rows">A file, its isolation, why no better one, its types, why a used slot is retired.</param>
    /// <param name="wrong">What is known to be wrong with a file.</param>
    public static string Render(
        string page, IEnumerable<(string File, string Isolation, string Reason, string Types, string Retired)> rows, IReadOnlyDictionary<string, string> wrong)
    {
        var rendered = new StringBuilder(page[..page.IndexOf(Head, StringComparison.Ordinal)]).Append(Head);
        foreach (var (file, isolation, reason, types, retired) in rows)
            rendered.Append($"| [{file[..2]}](../tests/Assets/Wild/{file}.sql) {Escape(FirstLine(file))} | {isolation} | {Escape(reason)} | {WhenUsedOnce(isolation, types)} | {(wrong.TryGetValue(file, out var what) ? $"not proved: {what}" : WhenUsed(isolation, Escape(retired)))} |\n");
        return rendered.ToString();
    }

    private static string WhenUsedOnce(string isolation, string types)
        => isolation == "schema" && types.Length > 0 ? $"database, for {types}" : isolation;

    private static string WhenUsed(string isolation, string retired)
        => isolation == "neither" ? "" : retired.Length > 0 ? $"retired: {retired}" : "reset";

    private static string FirstLine(string file)
        => File.ReadLines(Path.Combine(WildMigration.Folder, $"{file}.sql")).First()[3..];

    // A reason is a part of what is said, and may end in a name.
    private static string Escape(string text)
        => text.Replace("|", "\\|", StringComparison.Ordinal) + (text.Count(character => character == '"') % 2 == 0 ? "" : "…\"");
}
