namespace Workflow;

public sealed record NewNotification(long RecipientId, string Channel, string Subject)
{
    public string Payload { get; init; } = "{}";
}
