namespace SchemaIsolation.Keeper;

/// <summary>What leaves the keeper as a message: foreign text in it may be of any length, where frames, variables and consoles have limits.</summary>
internal static class MessageText
{
    private const int MaxLength = 4000;

    public static string Cut(string text) => text.Length <= MaxLength ? text : text[..MaxLength] + "…";
}
