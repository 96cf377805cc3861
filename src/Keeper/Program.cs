using SchemaIsolation.Keeper.Commands;

// Not through the command line's parser, whose start-up every test run would pay for.
return args is [SessionCommand.Name] ? await SessionCommand.RunAsync(TimeProvider.System) : await Tool.RunAsync(args);
