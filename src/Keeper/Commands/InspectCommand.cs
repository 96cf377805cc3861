using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Sessions;
using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Shows what was kept of failed tests, and opens psql on it.</summary>
internal static class InspectCommand
{
    public const string Name = "inspect";

    public static Command Create()
    {
        var project = ProjectOption.Create();
        var test = new Argument<string?>("test") { Description = "A part of the failed test's name, or of the database's. Without it, all that is kept is listed.", Arity = ArgumentArity.ZeroOrOne };
        var print = new Option<bool>("--print") { Description = "Only say how to connect and what was found, as where psql is not on the PATH or there is no terminal." };
        var command = new Command(Name, "Opens psql on what was kept of a failed test, or lists what is kept.") { test, project, print };
        command.SetAction((arguments, cancellationToken) =>
            RunAsync(arguments.GetValue(project)!.FullName, arguments.GetValue(test), arguments.GetValue(print), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string projectDirectory, string? test, bool isPrinted, CancellationToken cancellationToken)
    {
        try
        {
            var options = OptionsReader.Read(projectDirectory, configurationXml: null);
            await using var server = await SessionServer.OpenAsync(options, TimeProvider.System, cancellationToken);
            var kept = await KeptDatabase.ListAsync(server.Postgres, cancellationToken);
            var exitCode = test is null ? List(kept, server.Postgres) : await ShowAsync(Find(kept, test), server, isPrinted, cancellationToken);
            await server.LeaveAsync(TimeSpan.Zero);
            await server.SettleAsync(cancellationToken);
            return exitCode;
        }
        catch (SchemaIsolationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    private static int List(IReadOnlyList<KeptDatabase> kept, PostgresServer server)
    {
        foreach (var database in kept)
            Console.WriteLine(database);
        Console.WriteLine($"{kept.Count} kept on {server.Address}");
        return 0;
    }

    private static KeptDatabase Find(IReadOnlyList<KeptDatabase> kept, string test)
    {
        var found = kept.Where(database => database.IsOf(test)).ToList();
        if (found.Count == 1)
            return found[0];

        var how = found.Count == 0 ? "Nothing is kept" : $"{found.Count} databases are kept";
        var choice = kept.Count == 0 ? "There is nothing else on this server." : $"Name one of these: {string.Join("; ", found.Count == 0 ? kept : found)}.";
        throw new SchemaIsolationException("SI2014", $"{how} of a test whose name contains \"{test}\", or under that name. {choice}");
    }

    private static async Task<int> ShowAsync(KeptDatabase database, SessionServer server, bool isPrinted, CancellationToken cancellationToken)
    {
        var address = DatabaseAddress.ForPeople(server.Postgres, database.Name, database.Notes?.SearchPath);
        if (!isPrinted && !Console.IsInputRedirected && !Console.IsOutputRedirected && await TryOpenAsync(address, cancellationToken) is { } exitCode)
            return exitCode;

        Console.WriteLine(database);
        Console.WriteLine($"    {address.Psql}");
        if (server.IsEmbedded)
            Console.WriteLine("The embedded server runs while a session, or psql as this command opens it, uses it; else KeepServer keeps it for a while after a run.");
        Console.WriteLine();
        Console.Write(database.Notes?.Found);
        return 0;
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
            return psql.ExitCode;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
