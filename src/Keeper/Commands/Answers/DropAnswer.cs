namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Dropped">The databases that are gone.</param>
/// <param name="Kept">Templates that a session uses.</param>
internal sealed record DropAnswer(IReadOnlyList<string> Dropped, IReadOnlyList<string> Kept);
