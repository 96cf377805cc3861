using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.Unit.Servers;

namespace SchemaIsolation.Tests.Unit.Reporting;

[Collection(nameof(ProcessCollection))]
public sealed class ReportFilesTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("si-files-").FullName;
    private readonly ManualTimeProvider time = new();
    private readonly List<LogEntry> told = [];

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_run_leaves_a_report_for_programs_and_one_for_people()
    {
        var files = await WriteAsync(summary: Path.Join(directory, "summary.md"));

        Assert.Equal([Path.Join(directory, "schema-isolation.json"), Path.Join(directory, "schema-isolation.html")], files);
        Assert.All(files, file => Assert.True(File.Exists(file)));
        Assert.True(File.Exists(Path.Join(directory, "summary.md")));
        Assert.Empty(told);
    }

    [Fact]
    public async Task Without_a_file_for_it_there_is_no_summary()
    {
        var files = await WriteAsync(summary: "");

        Assert.Equal(files.Order(), Directory.EnumerateFiles(directory).Order());
    }

    [Fact]
    public async Task A_summary_or_history_that_cannot_be_written_is_a_warning_which_the_report_has()
    {
        await File.WriteAllTextAsync(Path.Join(directory, "history"), "a file");

        var files = await WriteAsync(summary: Path.Join(directory, "missing", "summary.md"));

        Assert.Collection(
            told,
            entry => Assert.StartsWith("SI3011: ", entry.Message, StringComparison.Ordinal),
            entry => Assert.StartsWith($"SI3010: The summary of the run could not be appended to \"{Path.Join(directory, "missing", "summary.md")}\"", entry.Message, StringComparison.Ordinal));
        Assert.All(told, entry => Assert.Equal(LogLevel.Warning, entry.Level));
        Assert.Contains("SI3010", await File.ReadAllTextAsync(files[0]), StringComparison.Ordinal);
        Assert.Contains("SI3010", await File.ReadAllTextAsync(files[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_run_is_compared_with_the_first()
    {
        await WriteAsync(summary: null);

        var files = await WriteAsync(summary: null);

        Assert.Contains("\"earlierRuns\": [\n    {\n      \"session\": \"0a1b2c3d\"", await File.ReadAllTextAsync(files[0]), StringComparison.Ordinal);
        Assert.Contains("as much as the last run", await File.ReadAllTextAsync(files[1]), StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<string>> WriteAsync(string? summary)
        => ReportFiles.WriteAsync(SampleReports.Of(20), directory, new RunHistory(Path.Join(directory, "history"), () => { }, time), summary, new KeeperLog(time, told.Add));
}
