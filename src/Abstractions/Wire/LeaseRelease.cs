namespace SchemaIsolation.Wire;

/// <summary>The last frame of a connection, from the test process to the keeper.</summary>
/// <param name="DirtiedBy">The test whose code ended its transaction, so that what it wrote may have stayed; null when none did.</param>
internal sealed record LeaseRelease(string? DirtiedBy)
{
    public static LeaseRelease Clean { get; } = new(DirtiedBy: null);
}
