namespace SchemaIsolation.Bench.Reporting;

/// <summary>What we want to be, and what we are.</summary>
/// <param name="What">The figure.</param>
/// <param name="Value">As measured.</param>
/// <param name="Limit">The bar.</param>
/// <param name="IsFloor">Whether the value should be above it.</param>
internal sealed record Bar(string What, double Value, double Limit, bool IsFloor = false)
{
    public bool IsMet => IsFloor ? Value >= Limit : Value <= Limit;
}
