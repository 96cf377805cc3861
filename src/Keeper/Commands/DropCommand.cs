using System.CommandLine;
using SchemaIsolation.Keeper.Commands.Answers;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Drops what the project has on the server between runs.</summary>
internal static class DropCommand
{
    public static Command Create() => new ToolCommand(
        "drop",
        "Drops TestDatabase, and the project's templates that no session uses.",
        RunAsync,
        ("drop", "when the project is not tested on this server any more"),
        ("drop --force", "in a script"))
    {
        ToolRun.Force,
    };

    private static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        await using var server = await ToolServer.OpenAsync(run, cancellationToken);
        if (!await run.ConfirmAsync(Describe(server), cancellationToken))
            return ToolRun.Unusable;

        var dropped = await DropAsync(server, cancellationToken);
        run.Answer(dropped, AnswerJson.Readable.DropAnswer, _ => Say(run, dropped));
        return dropped.Kept.Count == 0 ? ToolRun.Done : ToolRun.Wrong;
    }

    public static string Describe(ToolServer server)
        => $"drop {(server.Options.TestDatabase is { } name ? $"the test database \"{name}\", whoever is connected to it, and " : string.Empty)}the project's templates on {server.Postgres.Address}";

    public static async Task<DropAnswer> DropAsync(ToolServer server, CancellationToken cancellationToken)
    {
        var dropped = new List<string>();
        var kept = new List<string>();
        if (server.TestDatabase is { } database && await database.DropAsync(cancellationToken))
            dropped.Add(server.Options.TestDatabase!);
        foreach (var store in server.Sources.Values.Select(server.Store))
        {
            var (gone, used) = await store.DropAsync(cancellationToken);
            dropped.AddRange(gone.Select(name => name.ToString()));
            kept.AddRange(used.Select(name => name.ToString()));
        }

        return new DropAnswer(dropped, kept);
    }

    public static void Say(ToolRun run, DropAnswer answer)
    {
        foreach (var name in answer.Dropped)
            run.Say($"dropped {name}");
        foreach (var name in answer.Kept)
            run.Say($"kept {name}: a session or another command uses it");
        if (answer.Dropped.Count + answer.Kept.Count == 0)
            run.Say("there was nothing to drop");
    }
}
