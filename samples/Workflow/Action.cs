namespace Workflow;

public sealed record Action
{
    public required long Id { get; init; }
    public required long PackId { get; init; }
    public long? RuntimeId { get; init; }
    public required string Ref { get; init; }
    public required string Label { get; init; }
    public string? Description { get; init; }
    public required string Entrypoint { get; init; }
    public required string ParameterSchema { get; init; }
    public required string OutputSchema { get; init; }
    public required bool Enabled { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}
