namespace Workflow;

public sealed record NewInquiry(long ExecutionId, string Prompt)
{
    public long? AssignedTo { get; init; }
    public string ResponseSchema { get; init; } = "{}";
    public DateTime? ExpiresAt { get; init; }
}
