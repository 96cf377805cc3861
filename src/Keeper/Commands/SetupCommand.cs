using System.CommandLine;
using SchemaIsolation.Keeper.Commands.Answers;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Has all ready that tests and people need: the template, and the test database where the project names one.</summary>
internal static class SetupCommand
{
    public static Command Create() => new ToolCommand(
        "setup",
        "Builds the template and makes and migrates TestDatabase, as far as they are not there. The default.",
        RunAsync,
        ("setup", "before the first run, or in CI before many"),
        ("setup --project tests/Shop.Tests", "of another directory's project"));

    public static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        await using var server = await ToolServer.OpenAsync(run, cancellationToken);
        _ = server.Default; // Without migrations there is nothing to set up, and saying so is better than doing nothing.
        var templates = await server.PrepareTemplateAsync(run, cancellationToken);
        if (server.Postgres.SharedDatabase is { } shared)
            run.Say($"The migrations can be run in {shared}, where they are run for each lease: there is no template to build.");
        var migration = server.TestDatabase is null ? null : await MigrateCommand.MigrateAsync(run, server.TestDatabase, isCreated: true, cancellationToken);
        run.Answer(
            new SetupAnswer([.. templates.Select(TemplateAnswer.From)], MigrationAnswer.From(server, migration)),
            AnswerJson.Readable.SetupAnswer,
            console => MigrateCommand.Print(console, server, migration));
        return ToolRun.Done;
    }
}
