using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SchemaIsolation.Bench.Runs;
using SchemaIsolation.Bench.Sessions;

namespace SchemaIsolation.Bench.Reporting;

/// <summary>All that was measured. Times are in milliseconds.</summary>
internal sealed record BenchReport(
    bool IsQuick,
    int Processors,
    string PostgreSql,
    string FileSystem,
    string Dotnet,
    double Seconds,
    IReadOnlyList<ScenarioFigures> Scenarios,
    IReadOnlyList<GrowthFigures> Growth,
    IReadOnlyList<SessionCost> SessionCost,
    IReadOnlyList<Bar> Bars)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // A ratio to nothing is infinite.
        Converters = { new JsonStringEnumConverter() },
    };

    public Task WriteJsonAsync(string file, CancellationToken cancellationToken)
        => File.WriteAllTextAsync(file, JsonSerializer.Serialize(this, Json) + "\n", cancellationToken);
}
