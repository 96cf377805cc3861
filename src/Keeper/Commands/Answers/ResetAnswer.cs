namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Drop">What went.</param>
/// <param name="Templates">What was made.</param>
/// <param name="TestDatabase">What was run on the test database; null where the project names none.</param>
internal sealed record ResetAnswer(DropAnswer Drop, IReadOnlyList<TemplateAnswer> Templates, MigrationAnswer? TestDatabase);
