namespace SchemaIsolation.Bench.Runs;

/// <summary>How long one test took, in milliseconds.</summary>
/// <param name="Begin">Until it had its state: the latency of the lease, or of what stands for it.</param>
/// <param name="Body">Its statements.</param>
/// <param name="End">Until its state was given back.</param>
internal readonly record struct TestTime(double Begin, double Body, double End)
{
    public double Whole => Begin + Body + End;
}
