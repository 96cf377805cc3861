namespace SchemaIsolation.Tests.Unit.Servers;

/// <summary>Tests of file locks and tests that start processes, one after the other: between fork and exec a child shares every lock of ours.</summary>
[CollectionDefinition(nameof(ProcessCollection))]
public sealed class ProcessCollection;
