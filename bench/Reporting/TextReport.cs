using System.Text;
using SchemaIsolation.Bench.Arms;
using SchemaIsolation.Bench.Bodies;
using SchemaIsolation.Bench.Runs;
using static System.FormattableString;

namespace SchemaIsolation.Bench.Reporting;

/// <summary>The report for people, as Markdown.</summary>
internal sealed class TextReport
{
    private readonly StringBuilder text = new();

    public static string Format(BenchReport report)
    {
        var text = new TextReport();
        text.AddBars(report);
        foreach (var scenario in report.Scenarios)
            text.AddScenario(scenario);
        text.AddGrowthByTables(report);
        text.AddGrowthByTests(report);
        text.AddSessionCost(report);
        text.AddParagraph(
            Invariant($"{(report.IsQuick ? "Quick run" : "Full run")} of {report.Seconds / 60:0.0} minutes: {report.Processors} processors, ")
            + $"PostgreSQL {report.PostgreSql} on {report.FileSystem}, .NET {report.Dotnet}.");
        return text.text.ToString().TrimEnd() + "\n";
    }

    private void AddBars(BenchReport report)
    {
        AddParagraph("## Bars");
        AddTable(["What", "Measured", "Bar", "Met"], report.Bars.Select(bar => (string[])
        [
            bar.What,
            Number(bar.Value),
            $"{(bar.IsFloor ? '≥' : '≤')} {Number(bar.Limit)}",
            bar.IsMet ? "yes" : "no",
        ]));
    }

    private void AddScenario(ScenarioFigures scenario)
    {
        AddParagraph($"## {scenario.Tables} tables, {Describe(scenario.Body)}, workers: {scenario.Workers}, {(scenario.IsDurable ? "durable" : "not durable")}");
        AddParagraph($"{scenario.Tests} tests, median of rounds: {scenario.Rounds}.");
        var clone = scenario.Find(CloneArm.ArmName)!;
        AddTable(
            [
                "Arm", "Whole s", "÷ none", "Overhead ms a test", "Median", "p95", "÷ clone", "Lease median ms", "p95",
                "After ms", "Connections a test", "Server ms a test", "Keeper ms a test",
            ],
            scenario.Arms.Select(arm => (string[])
            [
                arm.Arm,
                Invariant($"{arm.Whole / 1000:0.000}"),
                Number(arm.ToNone),
                .. arm.Arm == NoneArm.ArmName
                    ? ["", "", "", ""]
                    : (string[])[Number(arm.MeanOverhead), Number(arm.Overhead.Median), Number(arm.Overhead.P95), Number(arm.MeanOverhead / clone.MeanOverhead)],
                Number(arm.Lease.Median),
                Number(arm.Lease.P95),
                Whole(arm.After),
                Number(arm.Connections),
                Number(arm.ServerProcessor),
                Number(arm.KeeperProcessor),
            ]));
    }

    private void AddGrowthByTables(BenchReport report)
    {
        AddParagraph("## Growth by tables");
        AddParagraph($"Overhead ms a test; {Describe(BodyKind.Light)}, not durable.");
        var scenarios = report.Scenarios
            .Where(scenario => scenario is { Body: BodyKind.Light, IsDurable: false })
            .OrderBy(scenario => scenario.Workers)
            .ThenBy(scenario => scenario.Tables)
            .ToList();
        AddTable(
            ["Arm", .. scenarios.Select(scenario => $"{scenario.Tables} tables, workers: {scenario.Workers}")],
            scenarios[0].Arms
                .Where(figures => figures.Arm != NoneArm.ArmName)
                .Select(figures => (string[])[figures.Arm, .. scenarios.Select(scenario => Number(scenario.Find(figures.Arm)?.MeanOverhead))]));
    }

    private void AddGrowthByTests(BenchReport report)
    {
        AddParagraph("## Growth by tests");
        AddParagraph($"13 tables, {Describe(BodyKind.Light)}, workers: {Plan.ParallelWorkers}, not durable, a new session each time.");
        AddTable(
            ["Arm", "Tests", "Tests a second", "÷ none", "Overhead ms a test", "Sweep at the end ms", "Left"],
            report.Growth.OrderBy(growth => growth.Figures.Arm, StringComparer.Ordinal).ThenBy(growth => growth.Tests).Select(growth => (string[])
            [
                growth.Figures.Arm,
                Whole(growth.Tests),
                Whole(growth.Figures.TestsPerSecond(growth.Tests)),
                Number(growth.Figures.ToNone),
                Number(growth.Figures.MeanOverhead),
                Whole(growth.Sweep),
                Whole(growth.Left),
            ]));
    }

    private void AddSessionCost(BenchReport report)
    {
        AddParagraph("## Whole `dotnet test` of one trivial test");
        AddTable(
            ["Way", "Whole ms", "÷ empty collector", "Processor ms"],
            report.SessionCost.Select(cost => (string[])[cost.Way, Whole(cost.Whole), Number(cost.ToEmptyCollector), Whole(cost.Processor)]));
    }

    private static string Describe(BodyKind body) => body switch
    {
        BodyKind.Reads => "tests that read (9 statements)",
        BodyKind.Light => "tests that write 4 tables, light body (9 statements)",
        BodyKind.Usual => "tests that write 4 tables, usual body (60 statements on pooled connections)",
        BodyKind.WritesAll => "tests that write all tables",
        _ => throw new ArgumentOutOfRangeException(nameof(body), body, message: null),
    };

    private static string Number(double? value) => Invariant($"{value:0.00}");

    private static string Whole(double? value) => Invariant($"{value:0}");

    private void AddParagraph(string paragraph) => text.Append(paragraph).Append("\n\n");

    private void AddTable(string[] heads, IEnumerable<string[]> rows)
    {
        AddRow(heads);
        AddRow([.. heads.Select((_, column) => column == 0 ? "---" : "--:")]);
        foreach (var row in rows)
            AddRow(row);
        text.Append('\n');
    }

    private void AddRow(string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
