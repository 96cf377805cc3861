namespace SchemaIsolation.Bench.Runs;

/// <summary>The middle and the worse end of many measurements.</summary>
internal sealed record Quantiles(double Median, double P95)
{
    public static Quantiles Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new Quantiles(At(sorted, 0.5), At(sorted, 0.95));
    }

    public static double MedianOf(IEnumerable<double> values) => At(values.Order().ToArray(), 0.5);

    // Between two neighbours where no value stands at the place.
    private static double At(double[] sorted, double place)
    {
        var index = place * (sorted.Length - 1);
        var below = (int)index;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (index - below));
    }
}
