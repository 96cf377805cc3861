using System.CommandLine;
using SchemaIsolation.Keeper.Commands.Answers;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Drops what the project has on the server, and makes it anew.</summary>
internal static class ResetCommand
{
    public static Command Create() => new ToolCommand(
        "reset",
        "Drops TestDatabase and the project's templates, and makes and migrates them anew.",
        RunAsync,
        ("reset", "after a migration that was run has been changed"),
        ("reset --force", "in a script"))
    {
        ToolRun.Force,
    };

    private static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        await using var server = await ToolServer.OpenAsync(run, cancellationToken);
        _ = server.Default; // What cannot be made again is not dropped.
        if (!await run.ConfirmAsync($"{DropCommand.Describe(server)}, and make them anew", cancellationToken))
            return ToolRun.Unusable;

        var dropped = await DropCommand.DropAsync(server, cancellationToken);
        DropCommand.Say(run, dropped);
        var templates = await server.PrepareTemplateAsync(run, cancellationToken);
        var migration = server.TestDatabase is null ? null : await MigrateCommand.MigrateAsync(run, server.TestDatabase, isCreated: true, cancellationToken);
        run.Answer(
            new ResetAnswer(dropped, [.. templates.Select(TemplateAnswer.From)], MigrationAnswer.From(server, migration)),
            AnswerJson.Readable.ResetAnswer,
            console => MigrateCommand.Print(console, server, migration));
        return dropped.Kept.Count == 0 ? ToolRun.Done : ToolRun.Wrong;
    }
}
