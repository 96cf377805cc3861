using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using SchemaIsolation.Keeper.Commands.Answers;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Sessions;
using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Shows what was kept of failed tests, and opens psql on it.</summary>
internal static class InspectCommand
{
    public const string Name = "inspect";

    private static readonly Argument<string?> Test = new("test") { Description = "A part of the failed test's name, or of the database's. Without it, all that is kept is listed.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<bool> Printed = new("--print") { Description = "Only say how to connect and what was found, as where psql is not on the PATH or there is no terminal." };

    public static Command Create() => new ToolCommand(
        Name,
        "Opens psql on what was kept of a failed test (KeepFailed), or lists what is kept.",
        RunAsync,
        ("inspect", "to see what is kept, and until when"),
        ("inspect Creates_a_pack", "to open psql on it"),
        ("inspect Creates_a_pack --print", "to see which rows the test changed"))
    {
        Test,
        Printed,
    };

    /// <summary>What is kept on a server, for programs.</summary>
    public static async Task<IReadOnlyList<KeptAnswer>> ListAsync(PostgresServer server, CancellationToken cancellationToken)
        => [.. (await KeptDatabase.ListAsync(server, cancellationToken)).Select(Describe)];

    private static async Task<int> RunAsync(ToolRun run, CancellationToken cancellationToken)
    {
        // A whole name is from the file of a failed test, which names the directory in which that was run.
        await using var server = await ToolServer.OpenAsync(run, cancellationToken, isAnywhere: DatabaseName.TryParse(run.Get(Test) ?? string.Empty) is not null);
        var kept = await KeptDatabase.ListAsync(server.Postgres, cancellationToken);
        if (run.Get(Test) is { } test)
            return await ShowAsync(run, Find(kept, test, server.Options.ProjectDirectory), server.Server, cancellationToken);

        run.Answer(
            new InspectAnswer([.. kept.Select(Describe)]),
            AnswerJson.Readable.InspectAnswer,
            _ =>
            {
                foreach (var database in kept)
                    run.Say(database.ToString());
                run.Say($"{kept.Count} kept on {server.Postgres.Address}");
            });
        return ToolRun.Done;
    }

    private static KeptAnswer Describe(KeptDatabase database)
        => new(database.Name.ToString(), database.Notes?.Tests ?? [], database.Notes?.Project, database.Notes?.Until, Psql: null, Found: null);

    private static KeptDatabase Find(IReadOnlyList<KeptDatabase> kept, string test, string projectDirectory)
    {
        var found = kept.Where(database => database.IsOf(test)).ToList();
        if (found.FindAll(database => database.IsOfProject(projectDirectory)) is { Count: > 0 } own)
            found = own;
        if (found.Count == 1)
            return found[0];

        var how = found.Count == 0 ? "Nothing is kept" : $"{found.Count} databases are kept";
        var choice = kept.Count == 0 ? "There is nothing else on this server." : $"Name one of these: {string.Join("; ", found.Count == 0 ? kept : found)}.";
        throw new SchemaIsolationException("SI2014", $"{how} of a test whose name contains \"{test}\", or under that name. {choice}");
    }

    private static async Task<int> ShowAsync(ToolRun run, KeptDatabase database, SessionServer server, CancellationToken cancellationToken)
    {
        var address = DatabaseAddress.ForPeople(server.Postgres, database.Name, database.Notes?.SearchPath);
        if (!run.Get(Printed) && run is { IsTerminal: true, IsJson: false } && await TryOpenAsync(address, cancellationToken) is { } exitCode)
            return exitCode;

        run.Answer(
            new InspectAnswer([Describe(database) with { Psql = address.Psql, Found = database.Notes?.Found }]),
            AnswerJson.Readable.InspectAnswer,
            _ =>
            {
                run.Say(database.ToString());
                run.Say($"    {address.Psql}");
                if (server.IsEmbedded)
                    run.Say("The embedded server runs while a session, or psql as this command opens it, uses it; else KeepServer keeps it for a while after a run.");
                run.Say($"{Environment.NewLine}{database.Notes?.Found.TrimEnd()}");
            });
        return ToolRun.Done;
    }

    /// <returns>What psql ended with; null when there is none.</returns>
    private static async Task<int?> TryOpenAsync(DatabaseAddress address, CancellationToken cancellationToken)
    {
        try
        {
            var startInfo = new ProcessStartInfo("psql", [address.Keywords]) { UseShellExecute = false };
            if (address.Password is { } password)
                startInfo.Environment["PGPASSWORD"] = password;
            using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true); // It ends a query of psql's.
            using var psql = Process.Start(startInfo)!;
            await psql.WaitForExitAsync(cancellationToken);
            return psql.ExitCode == 0 ? ToolRun.Done : ToolRun.Wrong;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
