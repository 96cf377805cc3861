using System.Diagnostics;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Tests.Unit.Servers;

namespace SchemaIsolation.Tests.Unit.Reporting;

[Collection(nameof(ProcessCollection))]
public sealed class StepSummaryTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("si-summary-").FullName;

    private string Summary => Path.Join(directory, "summary.md");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_run_in_which_all_is_well_is_one_row()
        => Assert.Equal(
            """
            ### ✅ SchemaIsolation: App.Tests

            | Leases | Wait, median | p95 | p99 | Slots made | Retired | Templates | Left over |
            | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: |
            | 40 | 2.2 ms | 30 ms | 47 ms | 8 | 0 | default (schema) reused in 3.0 ms | **0** |


            """,
            StepSummary.Render(SampleReports.Of(40)));

    [Fact]
    public void What_is_wrong_follows_with_its_code_errors_first()
    {
        var summary = StepSummary.Render(SampleReports.Troubled());

        Assert.StartsWith("### ❌ SchemaIsolation: App.Tests\n", summary, StringComparison.Ordinal);
        Assert.Contains("| 9 | 1 | default (schema) built in 842 ms, catalogue (database) reused in 4.0 ms | **3** |\n\n- ❌ SI3001: 3 databases", summary, StringComparison.Ordinal);
        Assert.Contains("\n- ⚠️ SI2007: 1 leases left", summary, StringComparison.Ordinal);
    }

    [Fact]
    public void No_name_is_markup()
    {
        var report = SampleReports.Empty() with { Log = [new LogEntry(SampleReports.Start, LogLevel.Warning, "<b>&\n| [a](b) `c` *d* _e_ #\\")] };

        Assert.EndsWith("- ⚠️ &lt;b&gt;&amp; \\| \\[a\\](b) \\`c\\` \\*d\\* \\_e\\_ \\#\\\\\n\n", StepSummary.Render(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_many_warnings_the_first_are_listed()
    {
        var report = SampleReports.Empty() with { Log = [.. Enumerable.Range(1, 12).Select(number => new LogEntry(SampleReports.Start, LogLevel.Warning, $"W{number}"))] };

        Assert.EndsWith("- ⚠️ W10\n- and 2 more in the report\n\n", StepSummary.Render(report), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sessions_that_end_at_once_append_each_as_a_whole()
    {
        var text = StepSummary.Render(SampleReports.Of(40));
        await File.WriteAllTextAsync(Summary, "# Before\n");

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(() => StepSummary.AppendAsync(SampleReports.Of(40), Summary))));

        Assert.Equal("# Before\n" + string.Concat(Enumerable.Repeat(text, 12)), await File.ReadAllTextAsync(Summary));
    }

    [Fact]
    public async Task A_pipe_is_refused_whether_somebody_reads_it_or_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Named pipes are no files there.");
        await RunAsync("mkfifo", Summary);

        var unread = await Assert.ThrowsAsync<IOException>(() => StepSummary.AppendAsync(SampleReports.Of(1), Summary));
        await RunAsync("cat", Summary); // It ends as soon as who waited has opened it, and closed it again.
        var reading = RunAsync("cat", Summary);
        var read = await Assert.ThrowsAsync<IOException>(() => StepSummary.AppendAsync(SampleReports.Of(1), Summary));
        await reading;

        Assert.Contains("could not be opened", unread.Message, StringComparison.Ordinal);
        Assert.Equal($"\"{Summary}\" is no file.", read.Message);
    }

    private static async Task RunAsync(string program, string argument)
    {
        using var process = Process.Start(program, [argument]);
        await process.WaitForExitAsync();
    }
}
