namespace SchemaIsolation.Wire;

/// <summary>The first frame of a connection, from the test process to the keeper.</summary>
/// <param name="Protocol">The version that the test process speaks.</param>
/// <param name="Token">The session's.</param>
/// <param name="Kind">What is leased.</param>
/// <param name="Content">What it holds.</param>
/// <param name="Test">Who asks.</param>
/// <param name="Template">What it is a copy of; null for the default one.</param>
/// <param name="Fingerprint">Of a template that the test process defines: such a request is no lease, but has the template built. Null for a lease.</param>
internal sealed record LeaseRequest(int Protocol, string Token, LeaseKind Kind, LeaseContent Content, string Test, string? Template = null, string? Fingerprint = null)
{
    public const int CurrentProtocol = 1;
}
