using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace SchemaIsolation.Keeper.Reporting.Html;

/// <summary>What the page's script draws. Columns instead of rows: thousands of leases repeat no names.</summary>
internal sealed record PageData
{
    /// <summary>From the start of the session to its end, in milliseconds, as are all times here.</summary>
    public required double Span { get; init; }

    /// <summary>How many rows the timeline has.</summary>
    public required int Lanes { get; init; }

    public required PageLeases Leases { get; init; }

    public required PageResets Resets { get; init; }

    public static PageData Of(SessionReport report, Lanes lanes) => new()
    {
        Span = Round((report.EndedAt - report.StartedAt).TotalMilliseconds),
        Lanes = lanes.Count,
        Leases = new PageLeases(
            [.. report.Leases.Select(lease => lease.Number)],
            [.. report.Leases.Select(lease => lease.Test)],
            [.. report.Leases.Select(lease => lease.Slot)],
            [.. report.Leases.Select(lease => lanes[lease.Slot])],
            [.. report.Leases.Select(lease => Round((lease.LeasedAt - report.StartedAt).TotalMilliseconds))],
            [.. report.Leases.Select(lease => Round(lease.WaitedMilliseconds))],
            [.. report.Leases.Select(lease => lease.HeldMilliseconds is { } held ? Round(held) : (double?)null)],
            [.. report.Leases.Select(LeaseEnding.Of)],
            [.. report.Leases.Select(lease => lease.DirtiedBy)],
            [.. report.Leases.Select(lease => lease.Outcome)]),
        Resets = new PageResets(
            [.. report.Resets.Select(reset => lanes[reset.Slot])],
            [.. report.Resets.Select(reset => Round((reset.StartedAt - report.StartedAt).TotalMilliseconds))],
            [.. report.Resets.Select(reset => Round(reset.Milliseconds))],
            [.. report.Resets.Select(reset => reset.Outcome)]),
    };

    /// <summary>For an element of the page: no character in it ends that.</summary>
    public Markup ToJson() => new(JsonSerializer.Serialize(this, PageJson.Create().PageData));

    private static double Round(double milliseconds) => Math.Round(milliseconds, 2);
}

internal sealed record PageLeases(
    int[] Number, string[] Test, string[] Slot, int[] Lane, double[] Start, double[] Wait, double?[] Held, string[] Ending, string?[] DirtiedBy, string?[] Outcome);

internal sealed record PageResets(int[] Lane, double[] Start, double[] Elapsed, ResetOutcome[] Outcome);

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(PageData))]
internal sealed partial class PageJson : JsonSerializerContext
{
    // This encoder escapes what means something to HTML in any language.
    public static PageJson Create() => new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    });
}
