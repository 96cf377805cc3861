namespace Workflow;

public sealed record NewTrigger(long PackId, string Ref, string Label)
{
    public string PayloadSchema { get; init; } = "{}";
}
