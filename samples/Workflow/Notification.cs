namespace Workflow;

public sealed record Notification
{
    public required long Id { get; init; }
    public required long RecipientId { get; init; }
    public required string Channel { get; init; }
    public required string Subject { get; init; }
    public required string Payload { get; init; }
    public required NotificationState State { get; init; }
    public string? Error { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}
