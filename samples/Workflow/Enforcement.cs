namespace Workflow;

/// <summary>A rule that an event has set off.</summary>
public sealed record Enforcement
{
    public required long Id { get; init; }
    public long? RuleId { get; init; }
    public required string RuleRef { get; init; }
    public required long EventId { get; init; }
    public required EnforcementStatus Status { get; init; }
    public required string Parameters { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}
