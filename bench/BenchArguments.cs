namespace SchemaIsolation.Bench;

/// <param name="JsonFile">Where the figures are written for programs; null for nowhere.</param>
/// <param name="IsQuick">With fewer tests.</param>
internal sealed record BenchArguments(string? JsonFile, bool IsQuick)
{
    public const string Usage = "usage: bench.sh [--json FILE] [--quick]";

    /// <returns>Null when they are not to be understood.</returns>
    public static BenchArguments? TryParse(ReadOnlySpan<string> arguments) => arguments switch
    {
        [] => new BenchArguments(JsonFile: null, IsQuick: false),
        ["--quick", .. var rest] => TryParse(rest) is { } others ? others with { IsQuick = true } : null,
        ["--json", var file, .. var rest] => TryParse(rest) is { } others ? others with { JsonFile = Path.GetFullPath(file) } : null,
        _ => null,
    };
}
