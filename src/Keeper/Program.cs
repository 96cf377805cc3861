using SchemaIsolation.Keeper.Commands;

// Not through the command line's parser, whose start-up every test run would pay for.
return args switch
{
    [SessionCommand.Name] => await SessionCommand.RunAsync(TimeProvider.System),
    [KeepCommand.Name, var projectDirectory] => await KeepCommand.RunAsync(projectDirectory),
    _ => await Tool.RunAsync(args),
};
