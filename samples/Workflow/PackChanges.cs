namespace Workflow;

/// <summary>What to change about a pack; null keeps what is there.</summary>
public sealed record PackChanges
{
    public string? Label { get; init; }
    public string? Description { get; init; }
    public string[]? Tags { get; init; }
    public string[]? Dependencies { get; init; }
    public string? Config { get; init; }
}
