namespace SchemaIsolation.Tests.Unit.Leases;

/// <summary>Takes all cores for seconds, so it runs when nothing else does.</summary>
[CollectionDefinition(nameof(FuzzCollection), DisableParallelization = true)]
public sealed class FuzzCollection;
