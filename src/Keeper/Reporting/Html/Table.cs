namespace SchemaIsolation.Keeper.Reporting.Html;

/// <summary>A table with a caption, in a frame that scrolls where it is too wide; a sentence instead where it would be empty.</summary>
internal static class Table
{
    // More are slow to open, and nobody reads them here.
    private const int MostRows = 500;

    public static Markup Render(string caption, IReadOnlyList<Column> columns, IReadOnlyList<Markup[]> rows, string whenEmpty)
    {
        if (rows.Count == 0)
            return Markup.Of($"<p class=\"none\">{whenEmpty}</p>");
        return Markup.Of($"""
            <div class="scroll" role="region" aria-label="{caption}" tabindex="0"><table>
            <caption>{caption}{(rows.Count > MostRows ? $": the first {MostRows} of {rows.Count}; all are in {SessionReport.FileName}" : string.Empty)}</caption>
            <thead><tr>{Markup.Join(columns, column => Markup.Of($"<th scope=\"col\"{Class(column)}>{column.Title}</th>"))}</tr></thead>
            <tbody>
            {Markup.Join(rows.Take(MostRows), row => Markup.Of($"<tr>{Markup.Join(row.Select((cell, index) => Markup.Of($"<td{Class(columns[index])}>{cell}</td>")))}</tr>\n"))}</tbody>
            </table></div>
            """);
    }

    public static Markup Cell(string? text) => Markup.Of($"{text}");

    public static Markup Cell(int number) => Markup.Of($"{number}");

    /// <summary>Of a bar: how much of the largest it is.</summary>
    public static Markup Bar(double share)
        => Markup.Of($"<svg class=\"bar\" width=\"100%\" height=\"12\" aria-hidden=\"true\"><rect width=\"{Math.Clamp(share * 100, 0.5, 100):0.##}%\" height=\"12\" rx=\"2\"/></svg>");

    private static Markup Class(Column column) => column.Kind.Length == 0 ? Markup.None : Markup.Of($" class=\"{column.Kind}\"");

    /// <param name="Title">Its heading.</param>
    /// <param name="Kind">How it is set: "number", "name", "bar", "text", or nothing.</param>
    internal sealed record Column(string Title, string Kind = "");
}
