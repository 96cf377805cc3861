namespace SchemaIsolation.Keeper.Resets;

/// <param name="Oldest">Everything that was written by an earlier transaction has been seen.</param>
/// <param name="Changes">What of the rows is not as it was.</param>
/// <param name="Touched">Catalogues that were written to since the database was cloned, though perhaps with what was there before.</param>
/// <param name="LateWork">What somebody else does there, or has done since the time that was asked of; null when nobody does.</param>
internal sealed record Proof(string Oldest, Changes Changes, IReadOnlyList<string> Touched, string? LateWork);
