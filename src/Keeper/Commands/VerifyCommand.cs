using System.CommandLine;
using SchemaIsolation.Keeper.Commands.Answers;
using Spectre.Console;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Checks that a project's server is as it should be, or that a command leaves it as it was.</summary>
internal static class VerifyCommand
{
    private static readonly Option<bool> Update = new("--update") { Description = $"Write the tables that the migrations make into {Verification.SnapshotName}, to be compared from now on." };
    private static readonly Argument<string[]> Command = new("command") { Description = "After \"--\": a program and its arguments, which has to leave nothing of tests on the server.", Arity = ArgumentArity.ZeroOrMore };

    public static Command Create() => new ToolCommand(
        "verify",
        $"Checks the connection, that TestDatabase has seen all migrations, that the tables are those of {Verification.SnapshotName}, and that exactly nothing is left over.",
        RunAsync,
        ("verify", "in CI, before or after the tests"),
        ("verify --update", $"after a migration, to commit the new {Verification.SnapshotName}"),
        ("verify -- dotnet test", "to fail when a run leaves a schema or a database"))
    {
        Update,
        Command,
    };

    private static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        // As of a variable that is empty: whoever wrote it wants to be told of the command, and not of anything else.
        if (run.EndsInDoubleDash)
            throw new SchemaIsolationException("SI4008", "There is no command after \"--\". Name a program and its arguments.");
        await using var server = await ToolServer.OpenAsync(run, cancellationToken);
        var verification = new Verification(run, server);
        var checks = run.Get(Command) is { Length: > 0 } command
            ? await verification.OfCommandAsync(command, cancellationToken)
            : await verification.OfServerAsync(run.Get(Update), cancellationToken);
        var answer = new VerifyAnswer(checks.All(check => check.Outcome != CheckAnswer.Wrong), checks);
        run.Answer(answer, AnswerJson.Readable.VerifyAnswer, console => Print(console, answer.Checks));
        return answer.IsWell ? ToolRun.Done : ToolRun.Wrong;
    }

    public static void Print(IAnsiConsole console, IReadOnlyList<CheckAnswer> checks)
    {
        foreach (var check in checks)
        {
            var colour = check.Outcome switch { CheckAnswer.Ok => "green", CheckAnswer.Wrong => "red", _ => "grey" };
            console.MarkupLine($"[{colour}]{check.Outcome,-7}[/] {Markup.Escape(check.Name)}: {Markup.Escape(check.Detail)}");
            foreach (var line in check.Lines)
                console.MarkupLine($"        {Coloured(line)}");
        }
    }

    private static string Coloured(string line) => line switch
    {
        ['-', ..] => $"[red]{Markup.Escape(line)}[/]",
        ['+', ..] => $"[green]{Markup.Escape(line)}[/]",
        _ => Markup.Escape(line),
    };
}
