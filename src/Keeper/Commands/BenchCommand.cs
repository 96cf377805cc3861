using System.CommandLine;
using System.Globalization;
using SchemaIsolation.Keeper.Commands.Answers;
using SchemaIsolation.Keeper.Inspection;
using SchemaIsolation.Keeper.Reporting;
using Spectre.Console;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Measures what a project's slots cost on its server.</summary>
internal static class BenchCommand
{
    private static readonly Option<int> Times = new("--times") { Description = "How often each step is done, 1 to 1000.", DefaultValueFactory = _ => 20 };

    static BenchCommand() => Times.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }] && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var times) || times is < 1 or > 1000))
            result.AddError($"\"{text}\" is no count from 1 to 1000.");
    });

    public static Command Create() => new ToolCommand(
        "bench",
        "Measures on this project's server what a round trip, a connection, and a copy of its template cost.",
        RunAsync,
        ("bench", "to compare servers, or settings of one"),
        ("bench --times 100 --json", "for a program"))
    {
        Times,
    };

    private static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        var times = run.Get(Times);
        await using var server = await ToolServer.OpenAsync(run, cancellationToken);
        var steps = await run.WorkAsync("Measuring", onProgress => Measurement.RunAsync(server.Postgres, server.Sources.Count == 0 ? null : server.Store(server.Default), times, onProgress, cancellationToken));
        var answer = new BenchAnswer(server.Postgres.Address.ToString(), [.. steps.Select(Describe)]);
        run.Answer(answer, AnswerJson.Readable.BenchAnswer, console => Print(console, answer));
        return ToolRun.Done;
    }

    // Each step is taken once at least.
    private static BenchStepAnswer Describe(Measurement step)
    {
        var taken = Percentiles.Of(step.Milliseconds)!;
        return new(step.Name, step.Milliseconds.Count, taken.Median, taken.Most);
    }

    private static void Print(IAnsiConsole console, BenchAnswer answer)
    {
        console.WriteLine($"on {answer.Server}, in milliseconds:");
        var table = new Table().Border(TableBorder.Simple).AddColumn("Step").AddColumn("Times", Right).AddColumn("Median", Right).AddColumn("Slowest", Right);
        foreach (var step in answer.Steps)
        {
            table.AddRow(
                Markup.Escape(step.Name), step.Times.ToString(CultureInfo.InvariantCulture), step.Median.ToString("0.00", CultureInfo.InvariantCulture), step.Slowest.ToString("0.00", CultureInfo.InvariantCulture));
        }

        console.Write(table);

        static void Right(TableColumn column) => column.RightAligned();
    }
}
