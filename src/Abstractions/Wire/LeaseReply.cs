namespace SchemaIsolation.Wire;

/// <summary>The keeper's only frame on a lease's connection: a grant or a refusal. Where a template is defined it is a refusal, where to build it, or nothing when it is there.</summary>
internal sealed record LeaseReply(LeaseGrant? Grant, LeaseRefusal? Refusal, string? Build = null);

internal sealed record LeaseGrant(string Name, string Database, string ConnectionString, string Directory);

internal sealed record LeaseRefusal(string Code, string Reason);
