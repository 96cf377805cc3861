using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace SchemaIsolation.Keeper.Reporting;

/// <summary>What is kept of the runs of each project on this machine: a file of JSON lines, the oldest run first.</summary>
/// <param name="directory">Where the files are.</param>
/// <param name="makeAbove">Makes the directory above, as those who share it need it.</param>
/// <param name="time">Says which files nobody needs any more.</param>
internal sealed class RunHistory(string directory, Action makeAbove, TimeProvider time)
{
    private const int MostKept = 50;
    private const int HashBytes = 8;
    private const string Extension = ".jsonl";
    private const string LockSuffix = ".lock";

    private static readonly TimeSpan LockTimeLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(90);

    /// <summary>Adds a run of a project.</summary>
    /// <param name="project">Its directory.</param>
    /// <param name="run">The run.</param>
    /// <param name="onFailure">Told what could not be read or written: a run is not red for its history.</param>
    /// <returns>Those before it, the oldest first.</returns>
    public async Task<IReadOnlyList<ReportedRun>> AddAsync(string project, ReportedRun run, Action<string> onFailure)
    {
        IReadOnlyList<ReportedRun> earlier = [];
        try
        {
            makeAbove();
            Directory.CreateDirectory(directory);
            var file = FileOf(project);
            using var alone = await FileLock.TakeAsync(file + LockSuffix, LockTimeLimit, CancellationToken.None)
                ?? throw new IOException($"Another process has held \"{file + LockSuffix}\" for {LockTimeLimit.TotalSeconds:0} s.");
            earlier = await ReadAsync(file, onFailure);
            await WriteAsync(file, [.. earlier.TakeLast(MostKept - 1), run]);
            ForgetOthers();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            onFailure(exception.Message);
        }

        return earlier;
    }

    /// <summary>The file of a project, which is told by where it is: its name alone is many projects'.</summary>
    public string FileOf(string project)
    {
        var hash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(project)).AsSpan(0, HashBytes)).ToLowerInvariant();
        var name = string.Concat(Path.GetFileName(Path.TrimEndingDirectorySeparator(project)).Where(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '_').Take(60));
        return Path.Combine(directory, $"{name}-{hash}{Extension}");
    }

    private static async Task<IReadOnlyList<ReportedRun>> ReadAsync(string file, Action<string> onFailure)
    {
        if (!File.Exists(file))
            return [];

        string[] lines = [.. (await File.ReadAllLinesAsync(file)).Where(line => line.Length > 0)];
        ReportedRun[] runs = [.. lines.Select(Parse).OfType<ReportedRun>()];
        if (runs.Length < lines.Length)
            onFailure($"Lines of \"{file}\" that are no runs, and that are left out: {lines.Length - runs.Length}.");
        return runs;
    }

    private static ReportedRun? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, HistoryJson.Default.ReportedRun);
        }
        catch (JsonException)
        {
            // Half written when the disk was full, or edited: the others are as good as before.
            return null;
        }
    }

    // Another's reader finds the former file or this one, never half of it.
    private static async Task WriteAsync(string file, IReadOnlyList<ReportedRun> runs)
    {
        var unfinished = file + ".new";
        await File.WriteAllLinesAsync(unfinished, runs.Select(run => JsonSerializer.Serialize(run, HistoryJson.Default.ReportedRun)));
        File.Move(unfinished, file, overwrite: true);
    }

    // Projects that were moved or deleted, as build agents do with each run, would pile up.
    private void ForgetOthers()
    {
        foreach (var file in Directory.EnumerateFiles(directory, "*" + Extension).Where(file => time.GetUtcNow().UtcDateTime - File.GetLastWriteTimeUtc(file) > KeptFor).ToList())
        {
            File.Delete(file);
            File.Delete(file + LockSuffix);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReportedRun))]
internal sealed partial class HistoryJson : JsonSerializerContext;
