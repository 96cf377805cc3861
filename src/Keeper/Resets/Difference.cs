using System.Globalization;
using System.Text;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Resets;

/// <summary>What is in a database, and what of it was not there before its test: Markdown, of bounded length.</summary>
/// <param name="used">To the database.</param>
/// <param name="unused">To one that is as it was before; null for one that was empty.</param>
internal sealed class Difference(ResetConnection used, ResetConnection? unused)
{
    /// <summary>How many objects of a kind are named.</summary>
    public const int MostObjects = 20;

    private const int MostTables = 30;
    private const int MostCounts = 200;
    private const int MostCharacters = 60_000;
    private const string TypeWord = "type ";

    private readonly StringBuilder text = new();

    /// <param name="mayDiffer">Whether the rows of a table may not be as they were.</param>
    /// <param name="sequences">Those that moved.</param>
    /// <param name="catalogue">What else was made or altered; null when nothing was.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<string> DescribeAsync(
        Func<uint, bool> mayDiffer, IReadOnlyList<PristineSequence> sequences, CatalogueChange? catalogue, CancellationToken cancellationToken)
    {
        var after = await ListTablesAsync(used, cancellationToken);
        var before = unused is null ? new Dictionary<uint, string>() : await ListTablesAsync(unused, cancellationToken);
        await DescribeCountsAsync(before, after, cancellationToken);
        var dropped = before.Where(table => !after.ContainsKey(table.Key)).Select(table => table.Value).ToList();
        await DescribeRowsAsync(before, [.. after.Where(table => mayDiffer(table.Key))], dropped.Count > 0, cancellationToken);
        await DescribeSequencesAsync(sequences, cancellationToken);
        DescribeObjects(catalogue, dropped);
        return text.Length <= MostCharacters ? text.ToString() : $"{text.ToString(0, MostCharacters)}\n```\n\nThe rest is too long to be told.\n";
    }

    private static async Task<Dictionary<uint, string>> ListTablesAsync(ResetConnection connection, CancellationToken cancellationToken)
        => (await connection.ReadAsync(ResetSql.ListTables, reader => (Id: reader.GetFieldValue<uint>(0), Name: reader.GetString(1)), cancellationToken))
            .ToDictionary(table => table.Id, table => table.Name);

    private async Task DescribeCountsAsync(Dictionary<uint, string> before, Dictionary<uint, string> after, CancellationToken cancellationToken)
    {
        text.Append("### Rows\n\n");
        var tables = after.Concat(before.Where(table => !after.ContainsKey(table.Key))).OrderBy(table => table.Value, StringComparer.Ordinal).ToList();
        if (tables.Count == 0)
        {
            text.Append("There are no tables.\n\n");
            return;
        }

        var rows = await CountAsync(used, after, cancellationToken);
        var former = unused is null ? [] : await CountAsync(unused, before, cancellationToken);
        text.Append("| Table | Before | After |\n| --- | ---: | ---: |\n");
        foreach (var table in tables.Take(MostCounts))
            text.Append(CultureInfo.InvariantCulture, $"| `{table.Value}` | {former.GetValueOrDefault(table.Key, "–")} | {rows.GetValueOrDefault(table.Key, "–")} |\n");
        text.Append(tables.Count > MostCounts ? $"\nand {tables.Count - MostCounts} more tables.\n\n" : "\n");
    }

    private static async Task<Dictionary<uint, string>> CountAsync(ResetConnection connection, Dictionary<uint, string> tables, CancellationToken cancellationToken)
    {
        if (tables.Count == 0)
            return [];
        var counts = await connection.ReadOneAsync<string[]>(ResetSql.Read(tables.Values.Select(ResetSql.CountAllRows)), cancellationToken);
        return tables.Keys.Zip(counts).ToDictionary(count => count.First, count => count.Second);
    }

    private async Task DescribeRowsAsync(Dictionary<uint, string> before, IReadOnlyList<KeyValuePair<uint, string>> tables, bool isDropped, CancellationToken cancellationToken)
    {
        text.Append("### Changes\n\n");
        var length = text.Length;
        foreach (var (id, name) in tables.OrderBy(table => table.Value, StringComparer.Ordinal).Take(MostTables))
            await DescribeTableAsync(id, name, before.GetValueOrDefault(id), cancellationToken);
        if (tables.Count > MostTables)
            text.Append(CultureInfo.InvariantCulture, $"Rows of {tables.Count - MostTables} more tables may have changed.\n\n");
        if (text.Length == length)
            text.Append(isDropped ? "The rows of the tables that are there are as they were before the test.\n\n" : "The rows are as they were before the test.\n\n");
    }

    private async Task DescribeTableAsync(uint id, string name, string? formerName, CancellationToken cancellationToken)
    {
        var after = await TableRows.ReadAsync(used, id, name, cancellationToken);
        var before = formerName is null ? after with { Rows = [] } : await TableRows.ReadAsync(unused!, id, formerName, cancellationToken);
        if (after.Rows is null || before.Rows is null)
        {
            text.Append(CultureInfo.InvariantCulture, $"`{name}`: written to; there are too many rows to be compared.\n\n");
            return;
        }

        if (!before.Columns.SequenceEqual(after.Columns, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"`{name}`: has the columns {string.Join(", ", after.Columns)}; before, they were {string.Join(", ", before.Columns)}.\n\n");
            return;
        }

        var difference = RowDifference.Find(before, after);
        if (difference.Summary.Length > 0)
            text.Append(CultureInfo.InvariantCulture, $"`{name}`: {difference.Summary}\n\n```diff\n{string.Join('\n', difference.Lines)}\n```\n\n");
    }

    private async Task DescribeSequencesAsync(IReadOnlyList<PristineSequence> sequences, CancellationToken cancellationToken)
    {
        foreach (var sequence in sequences.Take(MostTables))
        {
            var stands = (await used.ReadOneAsync<string>(ResetSql.ReadSequence(sequence.Name), cancellationToken)).Split(' ');
            text.Append(CultureInfo.InvariantCulture, $"Sequence `{sequence.Name}`: {Stand(sequence.Value, sequence.IsCalled)} → {Stand(long.Parse(stands[0], CultureInfo.InvariantCulture), stands[2] == "t")}\n\n");
        }
    }

    private static string Stand(long value, bool isCalled) => isCalled ? value.ToString(CultureInfo.InvariantCulture) : "unused";

    private void DescribeObjects(CatalogueChange? catalogue, List<string> dropped)
    {
        if (dropped.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"Dropped: {MessageText.List([.. dropped.Select(table => $"`{table}`")])}\n\n");
        if (catalogue is { IsReal: true })
            text.Append(CultureInfo.InvariantCulture, $"Made, altered or dropped: {(catalogue.Objects.Count == 0 ? catalogue.ToString() : string.Join(", ", WithoutRowTypes(catalogue.Objects)))}\n\n");
    }

    // Each table has a type, and an array of it.
    private static IEnumerable<string> WithoutRowTypes(IReadOnlyList<string> objects)
    {
        var relations = objects.Where(made => !made.StartsWith(TypeWord, StringComparison.Ordinal)).Select(made => made[(made.LastIndexOf(' ') + 1)..]).ToHashSet(StringComparer.Ordinal);
        return objects.Where(made => !made.StartsWith(TypeWord, StringComparison.Ordinal) || !relations.Contains(made[TypeWord.Length..].Replace("[]", string.Empty, StringComparison.Ordinal)));
    }
}
