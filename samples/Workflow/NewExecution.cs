namespace Workflow;

public sealed record NewExecution(long ActionId)
{
    public long? ParentId { get; init; }
    public long? EnforcementId { get; init; }
    public long? RequestedBy { get; init; }
    public string Parameters { get; init; } = "{}";
    public int MaxAttempts { get; init; } = 1;
}
