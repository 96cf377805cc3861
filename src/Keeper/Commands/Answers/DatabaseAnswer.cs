namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Database">The test database.</param>
/// <param name="Outcome">"created", or "there" when it was.</param>
internal sealed record DatabaseAnswer(string Database, string Outcome);
