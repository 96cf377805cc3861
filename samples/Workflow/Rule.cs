namespace Workflow;

public sealed record Rule
{
    public required long Id { get; init; }
    public required long PackId { get; init; }
    public required long TriggerId { get; init; }
    public required long ActionId { get; init; }
    public required string Ref { get; init; }
    public required string Conditions { get; init; }
    public required string Parameters { get; init; }
    public required bool Enabled { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}
