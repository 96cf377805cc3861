namespace Workflow;

public sealed record Event
{
    public required long Id { get; init; }
    public long? TriggerId { get; init; }
    public required string TriggerRef { get; init; }
    public string? Source { get; init; }
    public required string Payload { get; init; }
    public required DateTime CreatedAt { get; init; }
}
