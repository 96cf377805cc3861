namespace SchemaIsolation.Keeper.Migrations;

/// <summary>A key word or identifier of a statement.</summary>
/// <param name="Text">As written; in quotes and with doubled quotes when it is quoted.</param>
/// <param name="IsQuoted">True when it stands in double quotes, and so is no key word.</param>
internal readonly record struct SqlWord(string Text, bool IsQuoted)
{
    /// <summary>The name that the word stands for as an identifier.</summary>
    public string Identifier => IsQuoted ? Text[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : Text.ToLowerInvariant();

    public bool Is(string keyword) => !IsQuoted && Text.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}
