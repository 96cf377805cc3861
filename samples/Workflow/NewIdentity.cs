namespace Workflow;

public sealed record NewIdentity(string Login)
{
    public string? DisplayName { get; init; }
    public string[] Roles { get; init; } = [];
    public string Attributes { get; init; } = "{}";
}
