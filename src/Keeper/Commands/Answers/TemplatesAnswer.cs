namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Templates">On the server, of all projects.</param>
internal sealed record TemplatesAnswer(IReadOnlyList<FoundTemplateAnswer> Templates);
