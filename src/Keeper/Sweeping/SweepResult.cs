namespace SchemaIsolation.Keeper.Sweeping;

/// <summary>What one sweep found.</summary>
/// <param name="Dropped">Leftovers that are gone, or would be.</param>
/// <param name="Kept">Leftovers that somebody is connected to, or at work in: for a later sweep.</param>
/// <param name="Failures">Leftovers that could not be dropped, and why.</param>
internal sealed record SweepResult(IReadOnlyList<string> Dropped, IReadOnlyList<string> Kept, IReadOnlyList<string> Failures);
