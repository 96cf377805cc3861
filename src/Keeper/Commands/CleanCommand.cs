using System.CommandLine;
using SchemaIsolation.Keeper.Commands.Answers;
using Spectre.Console;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Empties the tables of the test database, and restores the rows that migrations and seeds make.</summary>
internal static class CleanCommand
{
    public static Command Create() => new ToolCommand(
        "clean",
        "Empties all tables of TestDatabase, and restores the rows that migrations and seeds make. Connections stay.",
        RunAsync,
        ("clean", "to begin again with the seeds"),
        ("clean --force", "in a script"))
    {
        ToolRun.Force,
    };

    private static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        await using var server = await ToolServer.OpenAsync(run, cancellationToken);
        var database = server.RequireTestDatabase();
        var name = server.Options.TestDatabase!;
        if (!await run.ConfirmAsync($"delete all rows of the test database \"{name}\" on {server.Postgres.Address}, but those of the seeds", cancellationToken))
            return ToolRun.Unusable;

        var restored = await run.WorkAsync("Cleaning", _ => database.CleanAsync(cancellationToken));
        run.Answer(
            new CleanAnswer(name, restored.Tables, restored.Filled),
            AnswerJson.Readable.CleanAnswer,
            console => console.WriteLine($"cleaned {name}: {restored.Tables} tables emptied, {restored.Filled} of them filled again"));
        return ToolRun.Done;
    }
}
