namespace Workflow;

public sealed record NewAction(long PackId, string Ref, string Label, string Entrypoint)
{
    public long? RuntimeId { get; init; }
    public string? Description { get; init; }
    public string ParameterSchema { get; init; } = "{}";
    public string OutputSchema { get; init; } = "{}";
    public bool Enabled { get; init; } = true;
}
