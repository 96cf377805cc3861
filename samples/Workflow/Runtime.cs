namespace Workflow;

public sealed record Runtime
{
    public required long Id { get; init; }
    public long? PackId { get; init; }
    public required string Ref { get; init; }
    public required string Version { get; init; }
    public required string[] Command { get; init; }
    public required bool IsDefault { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}
