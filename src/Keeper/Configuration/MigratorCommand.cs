namespace SchemaIsolation.Keeper.Configuration;

/// <summary>A program that migrates a database.</summary>
/// <param name="Text">The program and its arguments, with placeholders.</param>
/// <param name="Directory">Where it is run, and where its inputs are looked for.</param>
/// <param name="Inputs">Patterns of the files that decide what it does.</param>
internal sealed record MigratorCommand(string Text, string Directory, IReadOnlyList<string> Inputs);
