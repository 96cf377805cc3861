namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Kept">What is kept of failed tests; the one that was asked for.</param>
internal sealed record InspectAnswer(IReadOnlyList<KeptAnswer> Kept);

/// <param name="Database">Where it is.</param>
/// <param name="Tests">The failed tests that used it.</param>
/// <param name="Project">Theirs; null when nothing is known of it any more.</param>
/// <param name="Until">From then on it is dropped by every session, and by <c>sweep</c>.</param>
/// <param name="Psql">How to connect; null in a list.</param>
/// <param name="Found">Row counts, and what differs from the template; null in a list.</param>
internal sealed record KeptAnswer(string Database, IReadOnlyList<string> Tests, string? Project, DateTimeOffset? Until, string? Psql, string? Found);
