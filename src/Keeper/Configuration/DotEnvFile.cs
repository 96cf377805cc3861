namespace SchemaIsolation.Keeper.Configuration;

/// <summary>Reads <c>KEY=value</c> lines, as dotenv tools write them: comments, <c>export</c>, single and double quotes.</summary>
internal static class DotEnvFile
{
    /// <exception cref="FormatException">A line is neither blank, a comment, nor an assignment; its number is in the message.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string text)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#')
                continue;
            if (line.StartsWith("export ", StringComparison.Ordinal))
                line = line["export ".Length..].TrimStart();

            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new FormatException($"line {i + 1} is not of the form KEY=value.");

            // The line itself is not in the message: it may be somebody's password.
            pairs.Add(new(line[..equals].TrimEnd(), Unquote(line[(equals + 1)..].Trim(), i + 1)));
        }

        return pairs;
    }

    private static string Unquote(string value, int line)
    {
        if (value.Length == 0 || value[0] is not ('"' or '\''))
        {
            var comment = value.IndexOf(" #", StringComparison.Ordinal);
            return comment < 0 ? value : value[..comment].TrimEnd();
        }

        var end = value.IndexOf(value[0], 1);
        return end < 0
            ? throw new FormatException($"line {line} opens a quote that it does not close.")
            : value[1..end];
    }
}
