namespace Workflow;

public sealed record NewRuntime(string Ref, string Version, string[] Command)
{
    public long? PackId { get; init; }
    public bool IsDefault { get; init; }
}
