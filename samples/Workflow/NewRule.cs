namespace Workflow;

public sealed record NewRule(long PackId, long TriggerId, long ActionId, string Ref)
{
    public string Conditions { get; init; } = "[]";
    public string Parameters { get; init; } = "{}";
}
