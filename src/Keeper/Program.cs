using System.CommandLine;
using SchemaIsolation.Keeper.Commands;

// Not through the command line's parser, whose start-up every test run would pay for.
if (args is [SessionCommand.Name])
    return await SessionCommand.RunAsync(TimeProvider.System);

return await new RootCommand("Isolated PostgreSQL state for every test, and nothing left behind.") { SweepCommand.Create(), ServerCommand.Create(), InspectCommand.Create() }
    .Parse(args)
    .InvokeAsync(args is [InspectCommand.Name, ..] ? new InvocationConfiguration { ProcessTerminationTimeout = null } : null); // Ctrl+C is psql's there.
