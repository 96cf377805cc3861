namespace Workflow;

public sealed record Identity
{
    public required long Id { get; init; }
    public required string Login { get; init; }
    public string? DisplayName { get; init; }
    public required string[] Roles { get; init; }
    public required string Attributes { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}
