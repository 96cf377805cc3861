namespace Workflow;

public enum WorkerStatus
{
    Starting,
    Ready,
    Draining,
    Offline,
}
