using System.Text.RegularExpressions;

namespace SchemaIsolation.Keeper.Sweeping;

/// <summary>What says that a database is for tests, so that schemas in it may be dropped by their names alone.</summary>
internal static partial class SweepConsent
{
    /// <summary>What the comment of a database contains that is marked.</summary>
    public const string Mark = "schema-isolation: test";

    public static bool IsGiven(string database, string comment)
        => comment.Contains(Mark, StringComparison.Ordinal) || NamedAsTest().IsMatch(database);

    // "test" or "tests" as a word of its own: neither "latest" nor "contest" is one.
    [GeneratedRegex(@"(\A|[-_.0-9])tests?([-_.0-9]|\z)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NamedAsTest();
}
