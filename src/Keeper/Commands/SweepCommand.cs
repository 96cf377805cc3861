using System.CommandLine;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sessions;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>Drops the leftovers on a project's server, or only counts them.</summary>
internal static class SweepCommand
{
    public static Command Create()
    {
        var project = ProjectOption.Create();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be dropped." };
        var command = new Command("sweep", "Drops what dead sessions left on the server, templates that no session has used for long, the schemas that Sweep rules name, and dead sessions' directories on this machine.") { project, dryRun };
        command.SetAction((arguments, cancellationToken) =>
            RunAsync(arguments.GetValue(project)!.FullName, arguments.GetValue(dryRun), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string projectDirectory, bool isDryRun, CancellationToken cancellationToken)
    {
        try
        {
            var options = OptionsReader.Read(projectDirectory, configurationXml: null);
            await using var server = await SessionServer.OpenAsync(options, TimeProvider.System, cancellationToken);
            var log = new KeeperLog(TimeProvider.System, entry => Console.WriteLine(entry.Message));
            var swept = await SweptDatabases.RequireConsentAsync(server, options, log, TimeProvider.System, cancellationToken);
            var result = await LeftoverSweep.RunAsync(server.Postgres, isDryRun, cancellationToken);
            var templates = await new TemplateCollection(server.Postgres, options, TimeProvider.System).RunAsync([], isDryRun, cancellationToken);
            var (deleted, notDeleted) = LeftoverDirectories.Sweep(Path.GetTempPath(), isDryRun);
            foreach (var leftover in result.Dropped)
                Console.WriteLine($"{(isDryRun ? "would drop" : "dropped")} {leftover}");
            foreach (var leftover in result.Kept)
                Console.WriteLine($"kept {leftover}: somebody is connected to it, or at work in it");
            foreach (var kept in (await KeptDatabase.ListAsync(server.Postgres, cancellationToken)).Where(kept => !kept.IsDue(TimeProvider.System.GetUtcNow())))
                Console.WriteLine($"keeps {kept}");
            foreach (var directory in deleted)
                Console.WriteLine($"{(isDryRun ? "would delete" : "deleted")} {directory}");
            foreach (var template in templates.Dropped)
                Console.WriteLine($"{(isDryRun ? "would drop" : "dropped")} template {template}");
            foreach (var failure in result.Failures.Concat(templates.Failures).Concat(notDeleted))
                Console.WriteLine($"failed {failure}");

            var schemas = await SweepSchemasAsync(swept, isDryRun, cancellationToken);
            var left = schemas + result.Kept.Count + result.Failures.Count + (isDryRun ? result.Dropped.Count : 0);
            Console.WriteLine($"{left} left over on {server.Postgres.Address}");
            await server.LeaveAsync(TimeSpan.Zero);
            await server.SettleAsync(cancellationToken);
            return result.Failures.Count + templates.Failures.Count + notDeleted.Count == 0 ? 0 : 1;
        }
        catch (SchemaIsolationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <returns>How many schemas that a Sweep rule names are left.</returns>
    private static async Task<int> SweepSchemasAsync(IReadOnlyList<SweptDatabase> databases, bool isDryRun, CancellationToken cancellationToken)
    {
        var left = 0;
        foreach (var database in databases)
        {
            var listed = await database.SweepAsync(isDryRun, cancellationToken);
            foreach (var schema in listed)
                Console.WriteLine($"would drop schema {schema} in database {database.Name}");
            left += listed.Count + database.Sweeps.Sum(sweep => sweep.Kept.Count);
        }

        return left;
    }
}
