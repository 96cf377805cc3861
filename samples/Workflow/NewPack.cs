namespace Workflow;

public sealed record NewPack(string Ref, string Label, string Version)
{
    public string? Description { get; init; }
    public string[] Tags { get; init; } = [];
    public string[] Dependencies { get; init; } = [];
    public string ConfigSchema { get; init; } = "{}";
    public string Config { get; init; } = "{}";
    public bool IsStandard { get; init; }
}
