using System.Globalization;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>The processes of one run, found by a text that only its environment holds: the keeper is no child of anybody's.</summary>
internal static class RunProcesses
{
    /// <summary>Kills them all; the keeper first, so that it learns of no death before its own.</summary>
    public static async Task KillAsync(string environmentText)
    {
        var processes = Directory.EnumerateDirectories("/proc")
            .Where(process => int.TryParse(Path.GetFileName(process), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Where(process => Read(process, "environ").Contains(environmentText, StringComparison.Ordinal))
            .OrderByDescending(process => Read(process, "cmdline").Contains("SchemaIsolation.Keeper", StringComparison.Ordinal))
            .Select(process => Path.GetFileName(process)!)
            .ToList();
        (await Dotnet.RunAsync("kill", "/", ["-s", "KILL", .. processes])).MustSucceed();
    }

    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is somebody else's.
            return "";
        }
    }
}
