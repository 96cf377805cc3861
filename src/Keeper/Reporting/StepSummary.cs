using System.Globalization;
using System.Text;

namespace SchemaIsolation.Keeper.Reporting;

/// <summary>What happened in a session in a few lines of Markdown, for the page that a CI service shows of a job.</summary>
internal static class StepSummary
{
    /// <summary>GitHub's, and of those who do as it does: the file to which steps append.</summary>
    public const string Variable = "GITHUB_STEP_SUMMARY";

    private const int MostListed = 10;
    private const string Special = "\\`*_[]#|~";

    private static readonly TimeSpan OpenTimeLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OpenInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>Appends to a file to which other sessions do so at the same time.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static async Task AppendAsync(SessionReport report, string file)
    {
        // Shared with nobody: .NET looks for the end of the file when it opens it, and would write over what came since.
        FileStream? stream = null;
        await Poll.UntilAsync(async () => (stream = await TryOpenInTimeAsync(file)) is not null, OpenInterval, OpenTimeLimit, CancellationToken.None);
        if (stream is null)
            throw new IOException($"Another process has held \"{file}\" for {OpenTimeLimit.TotalSeconds:0} s.");

        await using (stream)
        {
            // A pipe may be our own, by which we talk to the collector.
            if (!stream.CanSeek)
                throw new IOException($"\"{file}\" is no file.");
            await stream.WriteAsync(Encoding.UTF8.GetBytes(Render(report)));
        }
    }

    public static string Render(SessionReport report)
    {
        var text = new StringBuilder();
        var project = Escape(report.ProjectName);
        var waits = Percentiles.Of(report.Leases.Select(lease => lease.WaitedMilliseconds));
        text.Append(CultureInfo.InvariantCulture, $"### {(report.IsClean ? "✅" : "❌")} SchemaIsolation: {project}\n\n");
        text.Append("| Leases | Wait, median | p95 | p99 | Slots made | Retired | Templates | Left over |\n");
        text.Append("| ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: |\n");
        text.Append(CultureInfo.InvariantCulture, $"| {report.Counts.Leases} | {Elapsed(waits?.Median)} | {Elapsed(waits?.P95)} | {Elapsed(waits?.P99)} | {report.Counts.Made} | {report.Retired.Count} | {Templates(report)} | **{report.Counts.Left}** |\n\n");

        var lines = report.Log.Where(entry => entry.Level != LogLevel.Information).OrderByDescending(entry => entry.Level)
            .Select(entry => $"{(entry.Level == LogLevel.Error ? "❌" : "⚠️")} {Escape(entry.Message)}")
            .Concat(report.Kept.Select(kept => $"{Escape(kept.Database)} is kept of failed {Escape(MessageText.List(kept.Tests))} until {kept.Until:u}"))
            .ToList();
        foreach (var line in lines.Take(MostListed))
            text.Append(CultureInfo.InvariantCulture, $"- {line}\n");
        if (lines.Count > MostListed)
            text.Append(CultureInfo.InvariantCulture, $"- and {lines.Count - MostListed} more in the report\n");
        if (lines.Count > 0)
            text.Append('\n');
        return text.ToString();
    }

    private static string Templates(SessionReport report)
        => report.Templates.Count == 0
            ? "none"
            : string.Join(", ", report.Templates.Select(template => Escape($"{template.Template} ({template.Kind}) {(template.IsReused ? "reused" : "built")} in {ElapsedText.Of(template.Milliseconds)}")));

    private static string Elapsed(double? milliseconds) => milliseconds is { } known ? ElapsedText.Of(known) : "–";

    // Names of tests and messages of servers are anything: no markup, no new line, no end of a cell.
    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (var character in text)
        {
            escaped.Append(character switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                _ when char.IsControl(character) => " ",
                _ when Special.Contains(character) => $"\\{character}",
                _ => character.ToString(),
            });
        }

        return escaped.ToString();
    }

    // On a thread of its own: to open a pipe takes until somebody reads it.
    private static async Task<FileStream?> TryOpenInTimeAsync(string file)
    {
        var opening = Task.Run(() => TryOpen(file));
        if (await Task.WhenAny(opening, Task.Delay(OpenTimeLimit)) == opening)
            return await opening;
        _ = opening.ContinueWith(late => late.Result?.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        throw new IOException($"\"{file}\" could not be opened within {OpenTimeLimit.TotalSeconds:0} s.");
    }

    private static FileStream? TryOpen(string file)
    {
        try
        {
            return new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.None);
        }
        catch (IOException exception) when (exception is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
    }
}
