namespace SchemaIsolation.Keeper.Leases;

/// <summary>What the collector says of a test case: that it starts, or how it ended.</summary>
/// <param name="Id">The same at both.</param>
/// <param name="Name">Its fully qualified name.</param>
/// <param name="DisplayName">What its results are called: of a theory's row with the arguments.</param>
/// <param name="Outcome">As VSTest calls it; null at the start.</param>
internal sealed record TestCase(string Id, string Name, string DisplayName, string? Outcome)
{
    /// <summary>Whether it is one of several that have their class and method in common.</summary>
    public bool IsRow => Title.EndsWith(')');

    /// <summary>What people know it by.</summary>
    public string Title => DisplayName.StartsWith(Name, StringComparison.Ordinal)
        ? DisplayName
        : Name.EndsWith(DisplayName, StringComparison.Ordinal) ? Name : $"{Name}: {DisplayName}";
}
