namespace SchemaIsolation.Keeper.Reporting;

/// <summary>Of some values: each is one that occurred, the smallest that so many of a hundred do not exceed.</summary>
internal sealed record Percentiles(double Median, double P95, double P99, double Most)
{
    /// <returns>Null when there is no value.</returns>
    public static Percentiles? Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : new Percentiles(At(sorted, 50), At(sorted, 95), At(sorted, 99), sorted[^1]);
    }

    private static double At(double[] sorted, int percent) => sorted[Math.Max(0, ((sorted.Length * percent) + 99) / 100 - 1)];
}
