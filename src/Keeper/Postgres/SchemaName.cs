using System.Globalization;
using System.Text.RegularExpressions;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>The names of leased schemas.</summary>
internal static partial class SchemaName
{
    /// <summary>Where extensions are in a database of a session's.</summary>
    public const string Public = "public";

    /// <summary>In a database of a session's, which has the session in its name.</summary>
    public static string For(int number) => "test_" + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>In a database that sessions share with others. What does not parse is not ours and is never dropped.</summary>
    public static string ForShared(SessionId session, int number) => string.Create(CultureInfo.InvariantCulture, $"si_{session}_{number}");

    /// <summary>What makes unqualified names lead into a schema of ours, and then to extensions.</summary>
    /// <param name="schema">Ours.</param>
    /// <param name="extensionSchemas">In their order.</param>
    public static string SearchPath(string schema, IEnumerable<string> extensionSchemas)
        => string.Join(',', extensionSchemas.Prepend(schema).Select(name => Plain().IsMatch(name) ? name : Identifier.Quote(name)));

    /// <summary>The same of a migrated schema in a database of a session's.</summary>
    public static string SearchPathOf(string schema) => SearchPath(schema, [Public]);

    /// <returns>Whose schema in a shared database it is; null when it is none of ours.</returns>
    public static SessionId? SessionOf(string schema)
        => Shared().Match(schema) is { Success: true } match ? SessionId.Parse(match.Groups["owner"].Value) : null;

    /// <param name="description">As the server describes an object, with its schema.</param>
    /// <returns>Whether it is one of, or in, our schemas in a shared database.</returns>
    public static bool IsInShared(string description) => InShared().IsMatch(description);

    // No key word.
    [GeneratedRegex(@"^(public|(test|si)_[a-z0-9_]+)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();

    [GeneratedRegex(@"^[\w ]+ si_[0-9a-f]{8}_[1-9][0-9]*(\.|\z)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InShared();

    [GeneratedRegex(@"^si_(?<owner>[0-9a-f]{8})_[1-9][0-9]*\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Shared();
}
