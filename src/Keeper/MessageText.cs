namespace SchemaIsolation.Keeper;

/// <summary>What leaves the keeper as a message: foreign text in it may be of any length, where frames, variables and consoles have limits.</summary>
internal static class MessageText
{
    private const int MaxLength = 4000;
    private const int MostListed = 5;

    public static string Cut(string text) => text.Length <= MaxLength ? text : text[..MaxLength] + "…";

    /// <summary>The first of them, and how many more there are.</summary>
    public static string List(IReadOnlyCollection<string> items)
        => string.Join(", ", items.Take(MostListed)) + (items.Count > MostListed ? $" and {items.Count - MostListed} more" : string.Empty);
}
