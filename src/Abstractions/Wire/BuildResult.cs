namespace SchemaIsolation.Wire;

/// <summary>What came of building a template that the test project defines.</summary>
/// <param name="Failure">Null when it was built.</param>
internal sealed record BuildResult(string? Failure)
{
    public const int MaxLength = 4000;
}
