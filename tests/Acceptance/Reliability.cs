using System.Globalization;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>The measurements that build/reliability.sh makes docs/reliability.md of.</summary>
internal static class Reliability
{
    // Set by that script alone: a file to append to.
    private static readonly string? Record = Environment.GetEnvironmentVariable("RELIABILITY_RECORD");

    private static readonly SemaphoreSlim Gate = new(1);

    public static async Task RecordAsync(string death, string sweeper, TimeSpan elapsed)
    {
        if (Record is null)
            return;

        await Gate.WaitAsync();
        try
        {
            await File.AppendAllTextAsync(Record, string.Create(CultureInfo.InvariantCulture, $"{death}\t{sweeper}\t{elapsed.TotalSeconds:0.00}\n"));
        }
        finally
        {
            Gate.Release();
        }
    }
}
