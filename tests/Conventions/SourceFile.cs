namespace SchemaIsolation.Tests.Conventions;

/// <param name="Name">Its path from the repository's root.</param>
/// <param name="Text">What is in it.</param>
internal sealed record SourceFile(string Name, string Text)
{
    public IEnumerable<string> Lines => Text.Split('\n');

    /// <summary>The lines that are not comments.</summary>
    public IEnumerable<string> CodeLines => Lines.Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal));

    public override string ToString() => Name;
}
