namespace Workflow;

/// <summary>A set of actions, triggers and rules that is installed as one.</summary>
/// <remarks>JSON is text in all records: as it was written on the way in, as PostgreSQL normalises it on the way out.</remarks>
public sealed record Pack
{
    public required long Id { get; init; }
    public required string Ref { get; init; }
    public required string Label { get; init; }
    public string? Description { get; init; }
    public required string Version { get; init; }
    public required string[] Tags { get; init; }
    public required string[] Dependencies { get; init; }
    public required string ConfigSchema { get; init; }
    public required string Config { get; init; }
    public required bool IsStandard { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}
