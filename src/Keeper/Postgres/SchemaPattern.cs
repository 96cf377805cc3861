using System.Text;
using System.Text.RegularExpressions;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>Names of schemas that may be dropped: <c>*</c> stands for any characters, <c>?</c> for one, upper and lower case differ.</summary>
internal sealed class SchemaPattern
{
    private const int MaxNameBytes = 63;
    private const string ReservedPrefix = "pg_";
    private const string AnyCharacter = @"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|.)";

    // Every database has them, and what is in them is not a test's.
    private static readonly string[] Untouchable = ["public", "information_schema"];

    private readonly string text;
    private readonly Regex regex;

    private SchemaPattern(string text)
    {
        this.text = text;
        var escaped = Regex.Escape(text)
            .Replace(@"\*", ".*", StringComparison.Ordinal)
            .Replace(@"\?", AnyCharacter, StringComparison.Ordinal);
        regex = new Regex($@"\A{escaped}\z", RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    /// <exception cref="FormatException">It matches what no sweep may drop, or could.</exception>
    public static SchemaPattern Parse(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) is 0 or > MaxNameBytes || text.Contains('\0', StringComparison.Ordinal))
            throw new FormatException($"it is not 1 to {MaxNameBytes} bytes long.");

        var wildcard = text.AsSpan().IndexOfAny('*', '?');
        var literal = wildcard < 0 ? text : text[..wildcard];
        if (literal.Length == 0)
            throw new FormatException("it could match every schema. Begin it with what the names begin with.");
        if (literal.StartsWith(ReservedPrefix, StringComparison.Ordinal) || (wildcard >= 0 && ReservedPrefix.StartsWith(literal, StringComparison.Ordinal)))
            throw new FormatException($"it could match PostgreSQL's own schemas, which begin with \"{ReservedPrefix}\".");

        var pattern = new SchemaPattern(text);
        return Untouchable.FirstOrDefault(pattern.Matches) is { } matched ? throw new FormatException($"it matches \"{matched}\".") : pattern;
    }

    public bool Matches(string schema) => regex.IsMatch(schema);

    public override string ToString() => text;
}
