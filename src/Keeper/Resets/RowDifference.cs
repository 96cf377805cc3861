using System.Globalization;

namespace SchemaIsolation.Keeper.Resets;

/// <summary>Which rows of a table a test added, removed or changed, as lines for people: so many, and so much of each.</summary>
internal sealed class RowDifference
{
    private const int MostLines = 20;
    private const int MostOfValue = 60;
    private const int MostOfLine = 600;

    private readonly TableRows after;
    private readonly List<string> lines = [];
    private int added;
    private int removed;
    private int changed;

    private RowDifference(TableRows after) => this.after = after;

    /// <summary>How many of which kind; empty when the rows are the same.</summary>
    public string Summary => string.Join(", ", new[] { Count(added, "added"), Count(removed, "removed"), Count(changed, "changed") }.Where(part => part.Length > 0));

    /// <summary>The first of them.</summary>
    public IReadOnlyList<string> Lines => lines.Count > MostLines ? [.. lines.Take(MostLines), string.Create(CultureInfo.InvariantCulture, $"… and {lines.Count - MostLines} more")] : lines;

    /// <summary>By the primary key where there is one, else by whole rows; both with the same columns, and not too many rows.</summary>
    public static RowDifference Find(TableRows before, TableRows after)
    {
        var difference = new RowDifference(after);
        if (after.Key.Count > 0 && before.Key.SequenceEqual(after.Key))
            difference.FindByKey(before);
        else
            difference.FindByRow(before);
        return difference;
    }

    private static string Count(int count, string what) => count == 0 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{count} {what}");

    private void FindByKey(TableRows before)
    {
        var former = before.Rows!.ToDictionary(KeyOf, StringComparer.Ordinal);
        foreach (var row in after.Rows!)
        {
            if (!former.Remove(KeyOf(row), out var old))
                Add(row);
            else if (!old.AsSpan().SequenceEqual(row))
                Change(old, row);
        }

        foreach (var row in before.Rows!.Where(row => former.ContainsKey(KeyOf(row))))
            Remove(row);
    }

    private void FindByRow(TableRows before)
    {
        var former = before.Rows!.GroupBy(WholeOf, StringComparer.Ordinal).ToDictionary(rows => rows.Key, rows => new Stack<string?[]>(rows), StringComparer.Ordinal);
        foreach (var row in after.Rows!)
        {
            if (!former.TryGetValue(WholeOf(row), out var same) || !same.TryPop(out _))
                Add(row);
        }

        foreach (var row in former.Values.SelectMany(rows => rows))
            Remove(row);
    }

    private void Add(string?[] row)
    {
        added++;
        lines.Add(Cut($"+ ({Describe(row, Enumerable.Range(0, row.Length))})", MostOfLine));
    }

    private void Remove(string?[] row)
    {
        removed++;
        lines.Add(Cut($"- ({Describe(row, Enumerable.Range(0, row.Length))})", MostOfLine));
    }

    private void Change(string?[] old, string?[] row)
    {
        changed++;
        var columns = Enumerable.Range(0, row.Length).Where(column => old[column] != row[column]).Select(column => $"{after.Columns[column]} {Quote(old[column])} → {Quote(row[column])}");
        lines.Add(Cut($"~ ({Describe(row, after.Key)}) {string.Join(", ", columns)}", MostOfLine));
    }

    private string Describe(string?[] row, IEnumerable<int> columns) => string.Join(", ", columns.Select(column => $"{after.Columns[column]} {Quote(row[column])}"));

    private string KeyOf(string?[] row) => WholeOf([.. after.Key.Select(column => row[column])]);

    // The lengths keep values apart whatever is in them.
    private static string WholeOf(string?[] row) => string.Concat(row.Select(value => value is null ? "-" : string.Create(CultureInfo.InvariantCulture, $"{value.Length}:{value}")));

    private static string Quote(string? value)
        => value is null ? "null" : $"'{Cut(value, MostOfValue).ReplaceLineEndings("⏎").Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)] + "…";
}
