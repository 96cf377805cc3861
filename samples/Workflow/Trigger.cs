namespace Workflow;

public sealed record Trigger
{
    public required long Id { get; init; }
    public required long PackId { get; init; }
    public required string Ref { get; init; }
    public required string Label { get; init; }
    public required string PayloadSchema { get; init; }
    public required bool Enabled { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}
