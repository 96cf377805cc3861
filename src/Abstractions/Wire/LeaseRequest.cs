namespace SchemaIsolation.Wire;

/// <summary>The first frame of a connection, from the test process to the keeper.</summary>
internal sealed record LeaseRequest(int Protocol, string Token, LeaseKind Kind, LeaseContent Content, string Test, string? Template = null)
{
    public const int CurrentProtocol = 1;
}
