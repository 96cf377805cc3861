namespace SchemaIsolation.Tests.Unit;

/// <summary>Tests that set variables of this process: alone, because every other test reads the same ones.</summary>
[CollectionDefinition(nameof(EnvironmentCollection), DisableParallelization = true)]
public sealed class EnvironmentCollection;
