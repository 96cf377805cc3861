using System.Text;

namespace SchemaIsolation.Keeper;

/// <summary>The words of a command as a person writes it, the same on every platform.</summary>
internal static class CommandLine
{
    /// <returns>What stands between spaces. In single or double quotes a space is one; in double quotes a backslash makes a quote one.</returns>
    /// <exception cref="FormatException">A quote is never closed.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char? quote = null;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (quote == '"' && character == '\\' && i + 1 < text.Length && text[i + 1] == '"')
                word!.Append(text[++i]);
            else if (character == quote)
                quote = null;
            else if (quote is null && character is '"' or '\'')
                (quote, word) = (character, word ?? new StringBuilder());
            else if (quote is not null || !char.IsWhiteSpace(character))
                (word ??= new StringBuilder()).Append(character);
            else if (word is not null)
                (words, word) = ([.. words, word.ToString()], null);
        }

        if (quote is not null)
            throw new FormatException($"a quote ({quote}) is never closed.");
        return word is null ? words : [.. words, word.ToString()];
    }
}
