namespace Workflow;

public enum ExecutionStatus
{
    Requested,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}
