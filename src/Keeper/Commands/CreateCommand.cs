using System.CommandLine;
using SchemaIsolation.Keeper.Commands.Answers;
using Spectre.Console;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Makes the test database, empty.</summary>
internal static class CreateCommand
{
    public static Command Create() => new ToolCommand(
        "create",
        "Makes TestDatabase, empty, unless it is there.",
        RunAsync,
        ("create", "for an application that migrates itself"));

    private static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        await using var server = await ToolServer.OpenAsync(run, cancellationToken);
        var isNew = await server.RequireTestDatabase().CreateAsync(cancellationToken);
        var name = server.Options.TestDatabase!;
        run.Answer(new DatabaseAnswer(name, isNew ? "created" : "there"), AnswerJson.Readable.DatabaseAnswer, console => console.WriteLine($"{(isNew ? "created" : "is there already:")} {name}"));
        return ToolRun.Done;
    }
}
