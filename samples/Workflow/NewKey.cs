namespace Workflow;

public sealed record NewKey(string Name, string Value)
{
    public long? IdentityId { get; init; }
    public long? PackId { get; init; }
    public bool Encrypted { get; init; }
}
