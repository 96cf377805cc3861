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

    public static void Print(IAnsiConsole console, string? name, TestDatabaseMigration? migration)
    {
        if (migration is null)
            return;
        if (migration.IsNew)
            console.WriteLine($"created {name}");
        if (migration.RanMigrator)
            console.WriteLine($"ran the migrator on {name}");
        foreach (var file in migration.Files)
            console.WriteLine($"ran {file}");
        console.WriteLine($"{name} is migrated: {(migration.Files.Count == 0 ? "nothing was new" : $"{migration.Files.Count} files were run")}");
    }

    private static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        await using var server = await ToolServer.OpenAsync(run, cancellationToken);
        _ = server.Default;
        var templates = server.TestDatabase is null ? await server.PrepareTemplateAsync(run, cancellationToken) : [];
        var migration = server.TestDatabase is { } database ? await MigrateAsync(run, database, isCreated: false, cancellationToken) : null;
        run.Answer(
            new SetupAnswer([.. templates.Select(TemplateAnswer.From)], MigrationAnswer.From(server.Options.TestDatabase, migration)),
            AnswerJson.Readable.SetupAnswer,
            console => Print(console, server.Options.TestDatabase, migration));
        return ToolRun.Done;
    }
}
