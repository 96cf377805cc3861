using System.Globalization;

namespace SchemaIsolation.Keeper.Reporting.Html;

/// <summary>How many leases waited how long. A table whose bars are drawn: it reads the same without seeing them.</summary>
internal static class WaitHistogram
{
    private static readonly double[] Limits = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000];

    public static Markup Render(SessionReport report)
    {
        var counts = new int[Limits.Length + 1];
        foreach (var lease in report.Leases)
            counts[BucketOf(lease.WaitedMilliseconds)]++;

        var first = Math.Max(0, Array.FindIndex(counts, count => count > 0));
        var last = Array.FindLastIndex(counts, count => count > 0);
        var most = counts.Max();
        return Table.Render(
            "Leases by how long they waited, from the request until the grant",
            [new("Waited"), new("Leases", "number"), new("Share", "number"), new("", "bar")],
            [.. Enumerable.Range(first, last - first + 1).Select(bucket => new[]
            {
                Table.Cell(Name(bucket)),
                Table.Cell(counts[bucket]),
                Table.Cell(string.Create(CultureInfo.InvariantCulture, $"{100.0 * counts[bucket] / report.Leases.Count:0.#} %")),
                counts[bucket] == 0 ? Markup.None : Table.Bar((double)counts[bucket] / most),
            })],
            "There was no lease.");
    }

    private static int BucketOf(double milliseconds) => Limits.TakeWhile(limit => milliseconds >= limit).Count();

    private static string Name(int bucket)
    {
        if (bucket == 0)
            return $"less than {Limit(0)}";
        return bucket == Limits.Length ? $"{Limit(bucket - 1)} and more" : $"{Limit(bucket - 1)} to {Limit(bucket)}";
    }

    private static string Limit(int index)
        => Limits[index] < 1_000 ? string.Create(CultureInfo.InvariantCulture, $"{Limits[index]} ms") : string.Create(CultureInfo.InvariantCulture, $"{Limits[index] / 1_000} s");
}
