using System.CommandLine;
using SchemaIsolation.Keeper.Commands.Answers;
using SchemaIsolation.Keeper.TestDatabases;
using Spectre.Console;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Runs what is new of the migrations.</summary>
internal static class MigrateCommand
{
    public static Command Create() => new ToolCommand(
        "migrate",
        "Runs the migrations that TestDatabase has not seen; without one, builds the template of the migrations there are.",
        RunAsync,
        ("migrate", "after a migration was added"),
        ("migrate --json", "with the list of what was run, for a program"));

    public static async Task<TestDatabaseMigration> MigrateAsync(ToolRun run, TestDatabase database, bool isCreated, CancellationToken cancellationToken)
        => await run.WorkAsync(
            "Migrating",
            onProgress => database.MigrateAsync(isCreated, (_, number, count) => onProgress(number - 1, count), cancellationToken));

    public static void Print(IAnsiConsole console, ToolServer server, TestDatabaseMigration? migration)
    {
        if (MigrationAnswer.From(server, migration) is not { Database: var name } answer)
            return;
        if (answer.IsNew)
            console.WriteLine($"created {name}");
        if (migration!.RanMigrator)
            console.WriteLine($"ran the migrator on {name}");
        foreach (var file in answer.Ran)
            console.WriteLine($"ran {file}");
        console.WriteLine($"{name} is migrated: {(answer.Ran.Count == 0 ? "nothing was new" : $"{answer.Ran.Count} files were run")}");
        console.WriteLine($"    {answer.Psql}");
        if (server.Server.IsEmbedded)
            console.WriteLine(server.KeptUntil is { } until ? $"The embedded server runs on until {Words.Time(until)} (KeepServer)." : "The embedded server stops with its last session, and so with this command. Set KeepServer, or a Server that runs on, to connect to it.");
    }

    private static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        await using var server = await ToolServer.OpenAsync(run, cancellationToken);
        _ = server.Default;
        var templates = server.TestDatabase is null ? await server.PrepareTemplateAsync(run, cancellationToken) : [];
        var migration = server.TestDatabase is { } database ? await MigrateAsync(run, database, isCreated: false, cancellationToken) : null;
        run.Answer(
            new SetupAnswer([.. templates.Select(TemplateAnswer.From)], MigrationAnswer.From(server, migration)),
            AnswerJson.Readable.SetupAnswer,
            console => Print(console, server, migration));
        return ToolRun.Done;
    }
}
