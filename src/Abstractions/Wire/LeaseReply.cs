namespace SchemaIsolation.Wire;

/// <summary>The keeper's only frame on a connection: a grant or a refusal.</summary>
internal sealed record LeaseReply(LeaseGrant? Grant, LeaseRefusal? Refusal);

internal sealed record LeaseGrant(string Name, string Database, string ConnectionString, string Directory);

internal sealed record LeaseRefusal(string Code, string Reason);
