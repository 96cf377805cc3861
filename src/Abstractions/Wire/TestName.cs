namespace SchemaIsolation.Wire;

internal static class TestName
{
    private const int MaxLength = 500;

    /// <summary>"PackTests.Creates_a_pack" from the caller's file and method: no framework is asked, so every framework works.</summary>
    public static string From(string file, string member)
    {
        // Both separators: the file's path is of the machine that compiled the test.
        var fileName = file[(file.LastIndexOfAny(['/', '\\']) + 1)..];
        var dot = fileName.IndexOf('.', StringComparison.Ordinal);
        var type = dot > 0 ? fileName[..dot] : fileName;
        var name = type.Length == 0 ? member : $"{type}.{member}";
        return Cut(name);
    }

    /// <summary>The name if it is short enough to be listed, else its beginning.</summary>
    public static string Cut(string name)
    {
        if (name.Length <= MaxLength)
            return name;

        // Half a character would be no text any more.
        return char.IsHighSurrogate(name[MaxLength - 1]) ? name[..(MaxLength - 1)] : name[..MaxLength];
    }
}
