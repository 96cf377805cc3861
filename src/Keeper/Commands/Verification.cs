using System.ComponentModel;
using System.Diagnostics;
using SchemaIsolation.Keeper.Commands.Answers;
using SchemaIsolation.Keeper.Inspection;
using SchemaIsolation.Keeper.Sessions;
using SchemaIsolation.Keeper.TestDatabases;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>What <c>verify</c> checks.</summary>
internal sealed class Verification(ToolRun run, ToolServer server)
{
    /// <summary>In the test project, committed with the migrations.</summary>
    public const string SnapshotName = "schemaisolation.schema.txt";

    private string SnapshotFile => Path.Combine(server.Options.ProjectDirectory, SnapshotName);

    public async Task<IReadOnlyList<CheckAnswer>> OfServerAsync(bool isUpdated, CancellationToken cancellationToken)
    {
        var description = server.Postgres.Description;
        var checks = new List<CheckAnswer> { new("server", isWell: true, $"PostgreSQL {description.Version} on {server.Postgres.Address}, as role {description.Role}") };
        if (server.Sources.Count == 0)
            checks.Add(new("migrations", CheckAnswer.Skipped, "the project has none", []));
        else if (server.Postgres.SharedDatabase is not null)
            checks.Add(new("tables", CheckAnswer.Skipped, "a database to look at would have to be made, and SharedDatabase is for roles that may not", []));
        else
            await AddTablesAsync(checks, isUpdated, cancellationToken);

        var leftovers = await Leftovers.ListAsync(server.Server, server.Options, run.OpenLog(isQuiet: true), run.Time, cancellationToken);
        checks.Add(new("leftovers", leftovers.Count == 0 ? CheckAnswer.Ok : CheckAnswer.Wrong, $"{leftovers.Count} left over{(leftovers.Count == 0 ? string.Empty : "; \"schema-isolation sweep\" drops them")}", leftovers));
        return checks;
    }

    /// <summary>Runs a command, and compares what tests have on the server before and after.</summary>
    public async Task<IReadOnlyList<CheckAnswer>> OfCommandAsync(string[] command, CancellationToken cancellationToken)
    {
        var before = await ListAsync(cancellationToken);
        var exitCode = await RunAsync(command, cancellationToken);
        var after = await ListAsync(cancellationToken);

        // What went was a leftover that the command has swept, or of a session elsewhere that has ended; what came may be of one that has begun.
        var alive = (await ServerInventory.ListSessionsAsync(server.Postgres, cancellationToken)).Select(session => $"_{session.Id.Text}_").ToList();
        var left = after.Except(before, StringComparer.Ordinal).Where(name => !alive.Any(id => name.Contains(id, StringComparison.Ordinal))).ToList();
        return
        [
            new(command[0], exitCode == 0, $"exit code {exitCode}"),
            new("schemas and databases of tests", left.Count == 0 ? CheckAnswer.Ok : CheckAnswer.Wrong, $"{before.Count} before, {after.Count} after, {left.Count} left by the command", [.. left.Select(name => $"+ {name}")]),
        ];
    }

    private Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
        => TestObjects.ListAsync(server.Server, server.Options, run.OpenLog(), run.Time, cancellationToken);

    private async Task AddTablesAsync(List<CheckAnswer> checks, bool isUpdated, CancellationToken cancellationToken)
    {
        var made = await run.WorkAsync("Reading what the migrations make", _ => SchemaSnapshot.OfTemplateAsync(server.Postgres, server.Store(server.Default), cancellationToken));
        if (isUpdated)
            await File.WriteAllTextAsync(SnapshotFile, string.Concat(made.Select(line => line + "\n")), cancellationToken);
        checks.Add(await CompareAsync(made, isUpdated, cancellationToken));
        if (server.TestDatabase is not { } database)
            return;

        var name = server.Options.TestDatabase!;
        if (await database.ReadAsync(cancellationToken) is not { } state)
        {
            checks.Add(new(name, isWell: false, "it does not exist; \"schema-isolation setup\" makes it"));
            return;
        }

        var missing = state.Pending.Select(file => $"\"{file.Name}\" was not run").Concat(state.Strays).ToList();
        checks.Add(new($"migrations of {name}", missing.Count == 0 ? CheckAnswer.Ok : CheckAnswer.Wrong, missing.Count == 0 ? "all were run" : "\"schema-isolation migrate\" runs what is new, \"reset\" begins again", missing));
        var differences = SchemaSnapshot.Compare(made, await SchemaSnapshot.OfDatabaseAsync(server.Postgres, Postgres.DatabaseName.ForTest(name), cancellationToken));
        checks.Add(new($"tables of {name}", differences.Count == 0 ? CheckAnswer.Ok : CheckAnswer.Wrong, differences.Count == 0 ? "those that the migrations make" : "they differ from those that the migrations make", differences));
    }

    private async Task<CheckAnswer> CompareAsync(IReadOnlyList<string> made, bool isUpdated, CancellationToken cancellationToken)
    {
        const string Name = "tables that the migrations make";
        if (!File.Exists(SnapshotFile))
            return new(Name, CheckAnswer.Skipped, $"there is no {SnapshotName} to compare them with; \"schema-isolation verify --update\" writes it", []);

        var differences = SchemaSnapshot.Compare(await File.ReadAllLinesAsync(SnapshotFile, cancellationToken), made);
        return new(
            Name,
            differences.Count == 0 ? CheckAnswer.Ok : CheckAnswer.Wrong,
            differences.Count == 0 ? isUpdated ? $"written to {SnapshotName}" : $"those in {SnapshotName}" : $"they differ from {SnapshotName}; when that is meant, \"schema-isolation verify --update\" writes it anew",
            differences);
    }

    // It writes to our own output, but not where a program expects our answer.
    private async Task<int> RunAsync(string[] command, CancellationToken cancellationToken)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command.Skip(1)) { UseShellExecute = false, RedirectStandardOutput = run.IsJson })!;
            if (run.IsJson)
                await process.StandardOutput.BaseStream.CopyToAsync(System.Console.OpenStandardError(), cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode;
        }
        catch (Win32Exception exception)
        {
            throw new SchemaIsolationException("SI4008", $"The command \"{command[0]}\" cannot be started. Name a program that is there or on the PATH: {exception.Message}", exception);
        }
    }
}
