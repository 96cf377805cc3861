namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Templates">What is ready.</param>
/// <param name="TestDatabase">What was run on the test database; null where the project names none.</param>
internal sealed record SetupAnswer(IReadOnlyList<TemplateAnswer> Templates, MigrationAnswer? TestDatabase);
