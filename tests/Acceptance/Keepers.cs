using System.Diagnostics;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>Keepers outlive their runs for a moment: they have the data of a stopped server on the disk, and may keep a running one.</summary>
internal static class Keepers
{
    /// <summary>Waits until no process is left in whose environment a path is.</summary>
    public static Task UntilGoneAsync(string path)
        => Eventually.TrueAsync(() => Task.FromResult(!Process.GetProcesses().Any(process => Knows(process, path))));

    private static bool Knows(Process process, string path)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/environ").Contains(path, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // It has ended.
        }
    }
}
