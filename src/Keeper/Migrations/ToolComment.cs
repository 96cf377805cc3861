using System.Text.RegularExpressions;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>A line comment that tells a migration tool what to do with the file.</summary>
internal readonly partial record struct ToolComment(ToolComment.Meaning What, bool ForbidsTransaction)
{
    private const RegexOptions AnyCase = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    public enum Meaning
    {
        Nothing,
        Up,
        Down,
    }

    /// <param name="comment">From its dashes to the end of the line.</param>
    public static ToolComment Read(string comment)
    {
        var section = Section().Match(comment);
        if (!section.Success)
            return new ToolComment(Meaning.Nothing, NoTransaction().IsMatch(comment));

        return section.Groups["up"].Success
            ? new ToolComment(Meaning.Up, WithoutTransaction().IsMatch(section.Groups["options"].Value))
            : new ToolComment(Meaning.Down, ForbidsTransaction: false);
    }

    // dbmate, goose and sql-migrate. All three: running the down part by mistake would leave an empty schema and no error.
    [GeneratedRegex("^--\\s*(migrate:|\\+goose\\s+|\\+migrate\\s+)((?<up>up)|down)\\b(?<options>.*)$", AnyCase, matchTimeoutMilliseconds: -1)]
    private static partial Regex Section();

    [GeneratedRegex("\\btransaction:\\s*false\\b|\\bnotransaction\\b", AnyCase, matchTimeoutMilliseconds: -1)]
    private static partial Regex WithoutTransaction();

    // sqlx and goose.
    [GeneratedRegex("^--\\s*(no-transaction|\\+goose\\s+no\\s+transaction)\\b", AnyCase, matchTimeoutMilliseconds: -1)]
    private static partial Regex NoTransaction();
}
