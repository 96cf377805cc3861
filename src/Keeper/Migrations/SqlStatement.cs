namespace SchemaIsolation.Keeper.Migrations;

/// <summary>One statement of a script, without its semicolon.</summary>
/// <param name="File">The script.</param>
/// <param name="Offset">Where the statement starts in the script's text.</param>
/// <param name="Text">The statement as written, from its first token to its last.</param>
/// <param name="Words">Its key words and identifiers outside parentheses and function bodies.</param>
/// <param name="CopyData">The lines that follow a <c>COPY … FROM stdin</c>; null for any other statement.</param>
internal sealed record SqlStatement(MigrationFile File, int Offset, string Text, IReadOnlyList<SqlWord> Words, string? CopyData = null)
{
    public TextPosition Position => TextPosition.At(File.Text, Offset);

    /// <param name="keywords">In lower case, with a space between.</param>
    public bool StartsWith(string keywords) => HasAt(0, keywords.Split(' '));

    /// <param name="keywords">In lower case, with a space between; they follow each other in the statement.</param>
    public bool Contains(string keywords)
    {
        var sequence = keywords.Split(' ');
        return Enumerable.Range(0, Words.Count).Any(start => HasAt(start, sequence));
    }

    private bool HasAt(int start, string[] keywords)
        => start + keywords.Length <= Words.Count && !keywords.Where((keyword, index) => !Words[start + index].Is(keyword)).Any();
}
