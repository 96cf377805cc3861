using System.Diagnostics;
using System.Globalization;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>The processes of one run: those that inherited its mark, whoever their parent is by now.</summary>
/// <param name="mark">A text that is in the environment of the run, and of no other.</param>
internal sealed class ProcessTree(string mark)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    /// <summary>The process that <c>dotnet test</c> itself is.</summary>
    public int Dotnet => Get("\0test\0");

    /// <summary>The VSTest console.</summary>
    public int Console => Get("vstest.console.dll");

    /// <summary>The process that loads the collector.</summary>
    public int DataCollector => Get("datacollector.dll");

    public int TestHost => Get("testhost.dll");

    /// <returns>Null when it is gone.</returns>
    public int? TryFindTestHost() => Find("testhost.dll").Select(id => (int?)id).FirstOrDefault();

    public int Keeper => Get("SchemaIsolation.Keeper.dll");

    /// <summary>The keepers that are there; a run has one.</summary>
    public IReadOnlyList<int> Keepers => [.. Find("SchemaIsolation.Keeper.dll")];

    public IReadOnlyList<int> All => [.. List().Where(IsOfRun)];

    public static void Kill(params IEnumerable<int> processes) => Signal("KILL", [.. processes]);

    /// <param name="signal">Its name without SIG.</param>
    /// <param name="processes">Ids; a negative one is the group of that leader.</param>
    public static void Signal(string signal, params int[] processes)
    {
        using var kill = Process.Start("kill", ["-s", signal, "--", .. processes.Select(process => process.ToString(CultureInfo.InvariantCulture))]);
        kill.WaitForExit();
    }

    public static bool IsAlive(int process) => Read(process, "cmdline").Length > 0; // A zombie has none.

    public static async Task WaitUntilGoneAsync(int process)
    {
        var start = Stopwatch.GetTimestamp();
        while (IsAlive(process))
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeLimit, $"Process {process} is still there after {TimeLimit}.");
            await Task.Delay(PollInterval);
        }
    }

    private static IEnumerable<int> List()
        => Directory.EnumerateDirectories("/proc")
            .Select(directory => int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0);

    private static string Read(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return string.Empty; // Gone meanwhile, or somebody else's.
        }
    }

    private int Get(string argument) => Assert.Single(Find(argument));

    // A shell that is about to become the process, or has just started it, has the same arguments.
    private IEnumerable<int> Find(string argument)
        => List().Where(process => Read(process, "cmdline") is var line && line.Contains(argument, StringComparison.Ordinal)
            && Path.GetFileName(line[..line.IndexOf('\0', StringComparison.Ordinal)]) == "dotnet"
            && IsOfRun(process));

    private bool IsOfRun(int process) => Read(process, "environ").Contains(mark, StringComparison.Ordinal);
}
