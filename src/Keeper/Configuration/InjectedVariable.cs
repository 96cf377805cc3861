namespace SchemaIsolation.Keeper.Configuration;

/// <summary>An environment variable in which the test host finds the database of its run.</summary>
/// <param name="Name">Its name, which no other one has.</param>
/// <param name="Format">What it says of the database.</param>
internal sealed record InjectedVariable(string Name, VariableFormat Format);
