using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace SchemaIsolation.Keeper.Commands;

/// <summary>The command line for people.</summary>
internal static class Tool
{
    public const string Name = "schema-isolation";

    public static async Task<int> RunAsync(string[] arguments, InvocationConfiguration? configuration = null)
    {
        var parsed = Create().Parse(arguments);
        configuration ??= new InvocationConfiguration();
        if (parsed.CommandResult.Command.Name == InspectCommand.Name)
            configuration.ProcessTerminationTimeout = null; // Ctrl+C is psql's there.
        if (parsed.Action is ParseErrorAction mistake)
            mistake.ShowHelp = false; // It would be on the standard output, where programs expect an answer.
        var code = await parsed.InvokeAsync(configuration);
        return parsed.Action is ParseErrorAction ? ToolRun.Unusable : code;
    }

    public static RootCommand Create()
    {
        var root = new RootCommand("Isolated PostgreSQL state for every test, and nothing left behind. Exit codes: 0 all is well, 1 something is wrong, 2 the command line is.")
        {
            ToolRun.Project,
            ToolRun.Json,
            SetupCommand.Create(),
            CreateCommand.Create(),
            MigrateCommand.Create(),
            CleanCommand.Create(),
            ResetCommand.Create(),
            DropCommand.Create(),
            StatusCommand.Create(),
            VerifyCommand.Create(),
            SweepCommand.Create(),
            TemplatesCommand.Create(),
            InspectCommand.Create(),
            ServerCommand.Create(),
            DoctorCommand.Create(),
            BenchCommand.Create(),
            CompletionCommand.Create(),
        };
        root.SetAction(ToolRun.Of(SetupCommand.RunAsync));
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
