namespace Workflow;

public sealed record NewEvent(long TriggerId)
{
    public string? Source { get; init; }
    public string Payload { get; init; } = "{}";
}
