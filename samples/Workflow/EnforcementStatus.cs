namespace Workflow;

public enum EnforcementStatus
{
    Created,
    Processed,
    Rejected,
}
