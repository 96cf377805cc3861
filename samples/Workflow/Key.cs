namespace Workflow;

/// <summary>A value under a name; of an identity, of a pack, or of everybody.</summary>
public sealed record Key
{
    public required long Id { get; init; }
    public long? IdentityId { get; init; }
    public long? PackId { get; init; }
    public required string Name { get; init; }
    public required string Value { get; init; }
    public required bool Encrypted { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}
