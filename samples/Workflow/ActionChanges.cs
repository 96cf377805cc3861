namespace Workflow;

/// <summary>What to change about an action; null keeps what is there.</summary>
public sealed record ActionChanges
{
    public string? Label { get; init; }
    public string? Description { get; init; }
    public string? Entrypoint { get; init; }
    public string? ParameterSchema { get; init; }
    public string? OutputSchema { get; init; }
}
