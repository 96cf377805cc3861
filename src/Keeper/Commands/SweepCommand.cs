using System.CommandLine;
using SchemaIsolation.Keeper.Commands.Answers;
using SchemaIsolation.Keeper.Inspection;
using SchemaIsolation.Keeper.Sessions;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Keeper.Templates;
using Spectre.Console;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Drops the leftovers on a project's server, or only counts them.</summary>
internal static class SweepCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run", "-n") { Description = "Only say what would be dropped." };
    private static readonly Option<bool> AllMine = new("--all-mine") { Description = "End also the live sessions of this user on this machine, and drop what is theirs." };
    private static readonly Option<bool> Kept = new("--kept") { Description = "Drop also what is kept of this project's failed tests, although it is not due." };

    public static Command Create() => new ToolCommand(
        "sweep",
        "Drops what dead sessions left on the server, templates that no session has used for long, the schemas that Sweep rules name, and dead sessions' directories on this machine.",
        RunAsync,
        ("sweep --dry-run", "to see what is left, whose, and since when"),
        ("sweep", "after a machine that ran tests has vanished"),
        ("sweep --kept", "when failed tests have been looked at"),
        ("sweep --all-mine", "when a run hangs and is to be given up"))
    {
        DryRun,
        Kept,
        AllMine,
        ToolRun.Force,
    };

    /// <summary>Sweeps, and says what is known of what was found.</summary>
    public static async Task<(SweepResult Result, IReadOnlyList<LeftoverAnswer> Leftovers)> SweepLeftoversAsync(
        ToolServer server, bool isDryRun, TimeProvider time, string? project, CancellationToken cancellationToken)
    {
        // Asked while they are there; not by a dry sweep first, whose locks the server may not have freed when the other one begins.
        var known = server.Postgres.SharedDatabase is not null
            ? []
            : (await ServerInventory.ListDatabasesAsync(server.Postgres, cancellationToken)).ToDictionary(database => database.Name, StringComparer.Ordinal);
        var result = await LeftoverSweep.RunAsync(server.Postgres, isDryRun, cancellationToken, time, project);
        return (result, [.. result.Dropped.Select(name => Describe(name, isDryRun ? "would be dropped" : "dropped")), .. result.Kept.Select(name => Describe(name, "kept"))]);

        LeftoverAnswer Describe(string name, string state)
            => known.GetValueOrDefault(name) is { } database ? new(name, database.Owner, database.Since, state) : new(name, Owner: null, Since: null, state);
    }

    private static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        var isDryRun = run.Get(DryRun);
        await using var server = await ToolServer.OpenAsync(run, cancellationToken);
        var mine = run.Get(AllMine) ? await LocalSessions.ListAsync(server.Postgres, cancellationToken) : [];
        var ended = mine.Select(session => session.Describe()).ToList();
        var project = run.Get(Kept) ? server.Options.ProjectDirectory : null;
        var kept = (await KeptDatabase.ListAsync(server.Postgres, cancellationToken)).Where(database => database.IsOfProject(project)).ToList();
        if (!isDryRun)
        {
            // Asked before anything is done.
            if (mine.Count > 0 && !await run.ConfirmAsync($"end {mine.Count} live sessions and their tests ({MessageText.List(ended)})", cancellationToken))
                return ToolRun.Unusable;
            if (kept.Count > 0 && !await run.ConfirmAsync($"drop what is kept of failed tests ({MessageText.List([.. kept.Select(database => database.ToString())])})", cancellationToken))
                return ToolRun.Unusable;
            await LocalSessions.EndAsync(server.Postgres, mine, cancellationToken);
        }

        var answer = await run.WorkAsync("Sweeping", _ => SweepAsync(run, server, isDryRun, project, ended, cancellationToken));
        run.Answer(answer, AnswerJson.Readable.SweepAnswer, console => Print(console, answer));
        return answer.Failures.Count == 0 ? ToolRun.Done : ToolRun.Wrong;
    }

    private static async Task<SweepAnswer> SweepAsync(ToolRun run, ToolServer server, bool isDryRun, string? project, IReadOnlyList<string> ended, CancellationToken cancellationToken)
    {
        var databases = await SweptDatabases.RequireConsentAsync(server.Server, server.Options, run.OpenLog(), run.Time, cancellationToken);

        var (result, leftovers) = await SweepLeftoversAsync(server, isDryRun, run.Time, project, cancellationToken);
        var templates = await new TemplateCollection(server.Postgres, server.Options, run.Time).RunAsync([], isDryRun, cancellationToken);
        var (directories, notDeleted) = LeftoverDirectories.Sweep(Path.GetTempPath(), isDryRun);
        var schemas = new List<string>();
        foreach (var database in databases)
            schemas.AddRange((await database.SweepAsync(isDryRun, cancellationToken)).Select(schema => $"{schema} in database {database.Name}"));
        var failures = (IReadOnlyList<string>)[.. result.Failures, .. templates.Failures, .. notDeleted];
        var left = schemas.Count + databases.Sum(database => database.Sweeps.Sum(sweep => sweep.Kept.Count)) + leftovers.Count(leftover => leftover.State != "dropped") + result.Failures.Count;
        var kept = (await InspectCommand.ListAsync(server.Postgres, cancellationToken)).Where(database => database.Until > run.Time.GetUtcNow() && leftovers.All(leftover => leftover.Name != database.Database)).ToList();
        return new SweepAnswer(isDryRun, server.Postgres.Address.ToString(), leftovers, schemas, [.. templates.Dropped.Select(template => template.ToString())], directories, ended, failures, kept, left);
    }

    private static void Print(IAnsiConsole console, SweepAnswer answer)
    {
        foreach (var session in answer.Ended)
            console.WriteLine($"{(answer.IsDryRun ? "would end" : "ended")} {session}");
        foreach (var leftover in answer.Leftovers)
        {
            var whose = leftover.Owner is null ? string.Empty : $" (of {leftover.Owner}, since {Words.Time(leftover.Since)})";
            console.WriteLine(leftover.State == "kept" ? $"kept {leftover.Name}{whose}: somebody is connected to it, or at work in it" : $"{Verb(leftover.State)} {leftover.Name}{whose}");
        }

        foreach (var directory in answer.Directories)
            console.WriteLine($"{(answer.IsDryRun ? "would delete" : "deleted")} {directory}");
        foreach (var template in answer.Templates)
            console.WriteLine($"{(answer.IsDryRun ? "would drop" : "dropped")} template {template}");
        foreach (var schema in answer.Schemas)
            console.WriteLine($"would drop schema {schema}");
        foreach (var kept in answer.Kept)
            console.WriteLine($"keeps {kept.Database} of failed {MessageText.List(kept.Tests)} until {Words.Time(kept.Until)}");
        foreach (var failure in answer.Failures)
            console.WriteLine($"failed {failure}");
        console.WriteLine($"{answer.Left} left over on {answer.Server}");
    }

    private static string Verb(string state) => state == "dropped" ? state : "would drop";
}
