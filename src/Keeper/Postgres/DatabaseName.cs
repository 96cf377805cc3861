using System.Globalization;
using System.Text.RegularExpressions;

namespace SchemaIsolation.Keeper.Postgres;

internal enum DatabaseKind
{
    /// <summary>A template, owned by its fingerprint.</summary>
    Template,

    /// <summary>A database of a session that holds schema slots.</summary>
    Session,

    /// <summary>A database slot of a session.</summary>
    Slot,

    /// <summary>A slot that a failed test has used, kept for people to look at: for its time, whatever becomes of its session.</summary>
    Kept,

    /// <summary>A copy of a template that is made to measure how long that takes, owned by the template's fingerprint.</summary>
    Probe,

    /// <summary>Somebody else's, in which sessions have schemas: never made, renamed or dropped by us.</summary>
    Shared,

    /// <summary>The project's own, which stays between runs: made, migrated and dropped when somebody asks for just that.</summary>
    Test,
}

/// <summary>The name of a database of ours, or of one that we share. What does not parse is not ours and is never dropped.</summary>
/// <param name="Owner">The fingerprint of a template or of what a probe is a copy of, the name of one that somebody else has named, else the session's id.</param>
/// <param name="Number">Which one of its session; null for one that is of none.</param>
internal readonly partial record struct DatabaseName(DatabaseKind Kind, string Owner, int? Number)
{
    public const int FingerprintLength = 16;

    public static DatabaseName ForTemplate(string fingerprint) => new(DatabaseKind.Template, fingerprint, null);

    public static DatabaseName ForProbe(string fingerprint) => new(DatabaseKind.Probe, fingerprint, null);

    public static DatabaseName ForSession(SessionId session, int number) => new(DatabaseKind.Session, session.Text, number);

    public static DatabaseName ForSlot(SessionId session, int number) => new(DatabaseKind.Slot, session.Text, number);

    public static DatabaseName ForKept(SessionId session, int number) => new(DatabaseKind.Kept, session.Text, number);

    public static DatabaseName ForShared(string name) => new(DatabaseKind.Shared, name, null);

    public static DatabaseName ForTest(string name) => new(DatabaseKind.Test, name, null);

    public static DatabaseName? TryParse(string text)
    {
        if (OfTemplate().Match(text) is { Success: true } template)
            return template.Groups["kind"].Value == "t" ? ForTemplate(template.Groups["owner"].Value) : ForProbe(template.Groups["owner"].Value);
        if (OfSession().Match(text) is not { Success: true } match
            || !int.TryParse(match.Groups["number"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var kind = match.Groups["kind"].Value switch
        {
            "s" => DatabaseKind.Session,
            "k" => DatabaseKind.Kept,
            _ => DatabaseKind.Slot,
        };
        return new(kind, match.Groups["owner"].Value, number);
    }

    /// <summary>Whether it stands and falls with the locks of a template, and not with a session's.</summary>
    public bool IsOfTemplate => Kind is DatabaseKind.Template or DatabaseKind.Probe;

    /// <summary>Whether it goes with its session.</summary>
    public bool IsOf(SessionId session) => Kind is DatabaseKind.Session or DatabaseKind.Slot && Owner == session.Text;

    /// <summary>For what is done only to databases of ours.</summary>
    /// <exception cref="InvalidOperationException">It is somebody else's.</exception>
    public string OwnName => Kind == DatabaseKind.Shared ? throw new InvalidOperationException($"The database \"{Owner}\" is not ours.") : ToString();

    public override string ToString() => Kind switch
    {
        DatabaseKind.Template => $"si_t_{Owner}",
        DatabaseKind.Session => $"si_s_{Owner}_{Number}",
        DatabaseKind.Kept => $"si_k_{Owner}_{Number}",
        DatabaseKind.Probe => $"si_p_{Owner}",
        DatabaseKind.Shared or DatabaseKind.Test => Owner,
        _ => $"si_d_{Owner}_{Number}",
    };

    [GeneratedRegex(@"^si_(?<kind>[tp])_(?<owner>[0-9a-f]{16})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OfTemplate();

    [GeneratedRegex(@"^si_(?<kind>[sdk])_(?<owner>[0-9a-f]{8})_(?<number>0|[1-9][0-9]*)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OfSession();
}
