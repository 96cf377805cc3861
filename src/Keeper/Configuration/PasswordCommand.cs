namespace SchemaIsolation.Keeper.Configuration;

/// <summary>A program that prints the password of the server's role.</summary>
/// <param name="Text">The program and its arguments, with placeholders.</param>
/// <param name="Directory">Where it is run.</param>
internal sealed record PasswordCommand(string Text, string Directory);
