using System.Text.RegularExpressions;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Reporting.Html;

namespace SchemaIsolation.Tests.Unit.Reporting.Html;

public sealed partial class HtmlReportTests
{
    [Fact]
    public void The_first_screen_says_in_words_that_nothing_is_left()
    {
        var page = HtmlReport.Render(SampleReports.Of(1_234));

        Assert.Contains("<title>App.Tests: nothing left over</title>", page, StringComparison.Ordinal);
        Assert.Contains("<h2 id=\"verdict\">Nothing left over</h2>\n<p>All 8 slots that the session made are gone: the server lists nothing of it.</p>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Leases</dt><dd class=\"value\">1,234</dd><dd>at most 8 at once</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>Template reused in</dt><dd class=\"value\">3.0<small> ms</small></dd><dd>default (schema)</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<dd class=\"value\">PostgreSQL 18.4</dd><dd>embedded, without waiting for the disk</dd>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_screen_says_what_is_left_and_what_was_wrong()
    {
        var page = HtmlReport.Render(SampleReports.Troubled());

        Assert.Contains("<section class=\"verdict bad\"", page, StringComparison.Ordinal);
        Assert.Contains("<h2 id=\"verdict\">3 left over</h2>", page, StringComparison.Ordinal);
        Assert.Contains("<li><strong class=\"error\">Error</strong> SI3001: 3 databases", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_that_had_no_server_is_not_said_to_be_well()
    {
        var page = HtmlReport.Render(SampleReports.Empty() with { Server = null, Log = [new LogEntry(SampleReports.Start, LogLevel.Error, "SI1101: No.")] });

        Assert.Contains("<h2 id=\"verdict\">The run is red</h2>\n<p>No server could be had, so no lease was granted.</p>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_that_a_test_is_called_becomes_a_part_of_the_page()
    {
        var page = HtmlReport.Render(SampleReports.Troubled());

        Assert.DoesNotContain("<script>document", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(page, "<script"));
        Assert.Equal(2, Regex.Count(page, "</script"));
        Assert.Contains("{{data}}", page, StringComparison.Ordinal);
    }

    [Fact]
    public void It_needs_no_other_file()
    {
        var page = HtmlReport.Render(SampleReports.Of(3));

        Assert.DoesNotMatch("<link|<iframe|@import|url\\(|fetch\\(|import\\(|https?:", page);
        Assert.Matches("content=\"default-src 'none'; style-src 'sha256-[^' ]+'; script-src 'sha256-[^' ]+'; base-uri 'none'; form-action 'none'\"", page);
    }

    [Fact]
    public void Without_its_script_it_has_the_tables()
    {
        var captions = Caption().Matches(HtmlReport.Render(SampleReports.Troubled())).Select(match => Tag().Replace(match.Groups["text"].Value, string.Empty));

        Assert.Equal(
            [
                "Leases, in the order in which they were granted: the first 50 of 200; all are in schema-isolation.json",
                "Leases by how long they waited, from the request until the grant",
                "Migration and seed files, the slowest first",
                "What tests left behind",
                "Slots that were not used again",
                "Databases in which suites make their own schemas",
                "What the keeper said",
            ],
            captions);
    }

    [Fact]
    public void Waits_are_counted_in_buckets_that_leave_none_out()
    {
        double[] waits = [0.05, 0.3, 0.3, 1.5];
        var report = SampleReports.Of(4);

        var page = HtmlReport.Render(report with { Leases = [.. report.Leases.Zip(waits, (lease, wait) => lease with { WaitedMilliseconds = wait })] });

        Assert.Equal(
            ["less than 0.1 ms", "1", "25 %", "0.1 ms to 0.2 ms", "0", "0 %", "0.2 ms to 0.5 ms", "2", "50 %", "0.5 ms to 1 ms", "0", "0 %", "1 ms to 2 ms", "1", "25 %"],
            Cells(page, "Leases by how long they waited").Where(cell => cell.Length > 0));
    }

    [Fact]
    public void A_run_is_compared_with_the_median_of_the_last_ten_like_it()
    {
        var report = SampleReports.Of(40);
        var current = ReportedRun.Of(report);
        ReportedRun[] like = [.. Enumerable.Range(1, 12).Select(number => SampleReports.Run(number, leases: 40) with { SuiteMilliseconds = current.SuiteMilliseconds / 2 })];

        var page = HtmlReport.Render(report with { EarlierRuns = [.. like, SampleReports.Run(13, leases: 81)] });

        Assert.Contains($"Whole session {ElapsedText.Of(current.SuiteMilliseconds)}, 100 % more than the median of the last 10 runs.", page, StringComparison.Ordinal);
        Assert.Contains("Left out: 1 run of fewer than half or more than twice as many leases.", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_run_has_nothing_to_be_compared_with()
        => Assert.Contains("No earlier run with about as many leases is kept on this machine.", HtmlReport.Render(SampleReports.Of(4)), StringComparison.Ordinal);

    private static IEnumerable<string> Cells(string page, string caption)
    {
        var start = page.IndexOf(caption, StringComparison.Ordinal);
        var table = page[start..page.IndexOf("</table>", start, StringComparison.Ordinal)];
        return Cell().Matches(table).Select(match => Tag().Replace(match.Groups["text"].Value, string.Empty));
    }

    [GeneratedRegex("<caption>(?<text>.*?)</caption>")]
    private static partial Regex Caption();

    [GeneratedRegex("<td[^>]*>(?<text>.*?)</td>")]
    private static partial Regex Cell();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();
}
