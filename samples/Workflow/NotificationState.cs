namespace Workflow;

public enum NotificationState
{
    Queued,
    Sending,
    Delivered,
    Failed,
}
