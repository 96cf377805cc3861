using SchemaIsolation.Keeper.Reporting.Html;

namespace SchemaIsolation.Keeper.Reporting;

/// <summary>Writes what a run leaves for people and programs to read.</summary>
internal static class ReportFiles
{
    /// <param name="report">What happened.</param>
    /// <param name="directory">Where what is attached to the run is written.</param>
    /// <param name="history">What is kept of earlier runs.</param>
    /// <param name="summary">The file to which a summary is appended; null for none.</param>
    /// <param name="log">Told what could not be written of the latter two, which no run is red for.</param>
    /// <returns>The files to attach.</returns>
    public static async Task<IReadOnlyList<string>> WriteAsync(SessionReport report, string directory, RunHistory history, string? summary, KeeperLog log)
    {
        report = report with { EarlierRuns = await history.AddAsync(report.Project, ReportedRun.Of(report), log.HistoryNotKept) };
        if (!string.IsNullOrEmpty(summary))
            await SummarizeAsync(report, summary, log);
        report = report with { Log = log.Entries };

        string[] files = [Path.Combine(directory, SessionReport.FileName), Path.Combine(directory, HtmlReport.FileName)];
        await Task.WhenAll(Task.Run(() => HtmlReport.WriteAsync(report, files[1])), report.WriteAsync(files[0]));
        return files;
    }

    private static async Task SummarizeAsync(SessionReport report, string file, KeeperLog log)
    {
        try
        {
            await StepSummary.AppendAsync(report, file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.SummaryNotWritten(file, exception.Message);
        }
    }
}
