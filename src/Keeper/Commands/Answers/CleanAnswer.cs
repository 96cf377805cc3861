namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Database">The test database.</param>
/// <param name="Emptied">How many tables were emptied.</param>
/// <param name="Filled">How many of them were filled again.</param>
internal sealed record CleanAnswer(string Database, int Emptied, int Filled);
