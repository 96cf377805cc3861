namespace SchemaIsolation.Keeper.Sweeping;

/// <param name="Dropped">How many schemas are gone.</param>
/// <param name="Kept">Those that are not.</param>
internal sealed record SchemaSweepResult(int Dropped, IReadOnlyList<KeptSchema> Kept);
