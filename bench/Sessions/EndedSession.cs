using System.Text.Json;

namespace SchemaIsolation.Bench.Sessions;

/// <summary>What the report of a session says of its end.</summary>
internal sealed record EndedSession(int Leases, int Made, int Left, double SweepMilliseconds)
{
    public static async Task<EndedSession> ReadAsync(string file, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(file);
        using var report = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        var counts = report.RootElement.GetProperty("counts");
        return new EndedSession(
            counts.GetProperty("leases").GetInt32(),
            counts.GetProperty("made").GetInt32(),
            counts.GetProperty("left").GetInt32(),
            report.RootElement.GetProperty("sweepMilliseconds").GetDouble());
    }
}
