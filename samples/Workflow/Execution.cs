namespace Workflow;

public sealed record Execution
{
    public required long Id { get; init; }
    public long? ActionId { get; init; }
    public required string ActionRef { get; init; }
    public long? ParentId { get; init; }
    public long? EnforcementId { get; init; }
    public long? WorkerId { get; init; }
    public long? RequestedBy { get; init; }
    public required ExecutionStatus Status { get; init; }
    public required string Parameters { get; init; }
    public string? Result { get; init; }
    public required int Attempt { get; init; }
    public required int MaxAttempts { get; init; }
    public required DateTime CreatedAt { get; init; }
    public DateTime? StartedAt { get; init; }
    public DateTime? FinishedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}
