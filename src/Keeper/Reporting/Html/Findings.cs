using System.Globalization;

namespace SchemaIsolation.Keeper.Reporting.Html;

/// <summary>The tables of what was built, left, retired and swept, and the log.</summary>
internal static class Findings
{
    private const int MostMigrations = 25;
    private const int MostLogged = 200;
    private const int CodeLength = 6;

    public static Markup Migrations(SessionReport report)
    {
        var all = report.Templates.SelectMany(template => template.Migrations.Select(migration => (template.Template, Migration: migration))).OrderByDescending(found => found.Migration.Milliseconds).ToList();
        return Table.Render(
            all.Count > MostMigrations ? $"The {MostMigrations} slowest of {all.Count} migration and seed files" : "Migration and seed files, the slowest first",
            [new("File", "name"), new("Template"), new("Runs", "number"), new("Together", "number"), new("", "bar")],
            [.. all.Take(MostMigrations).Select(found => new[]
            {
                Table.Cell(found.Migration.Name),
                Table.Cell(found.Template),
                Table.Cell(found.Migration.Runs),
                Table.Cell(ElapsedText.Of(found.Migration.Milliseconds)),
                Table.Bar(found.Migration.Milliseconds / all[0].Migration.Milliseconds),
            })],
            "No file was run: every template was there already, or was made by a program or by code.");
    }

    // Idle connections last: every suite that pools has them.
    public static Markup Leaks(SessionReport report) => Table.Render(
        "What tests left behind",
        [new("Kind"), new("Test", "name"), new("Lease", "number"), new("What", "text")],
        [.. report.Leaks.OrderBy(leak => leak.Kind == LeakKind.Connection).Select(leak => new[]
        {
            Table.Cell(Describe(leak.Kind)),
            Table.Cell(string.Join(", ", leak.Tests)),
            Table.Cell(string.Join(", ", leak.Leases.Select(lease => lease.ToString(CultureInfo.InvariantCulture)))),
            Table.Cell(leak.What),
        })],
        "Every lease was released, with its connections closed and nothing made outside it.");

    public static Markup Retired(SessionReport report) => Table.Render(
        "Slots that were not used again",
        [new("Slot"), new("Lease", "number"), new("Test", "name"), new("Reason", "text")],
        [.. report.Retired.Select(slot => new[] { Markup.Of($"<code>{slot.Slot}</code>"), Table.Cell(slot.Lease), Table.Cell(slot.Test), Table.Cell(slot.Reason) })],
        "No slot was retired.");

    public static Markup Kept(SessionReport report) => Table.Render(
        "Databases that failed tests used",
        [new("Database"), new("Lease", "number"), new("Test", "name"), new("Until")],
        [.. report.Kept.Select(kept => new[] { Markup.Of($"<code>{kept.Database}</code>"), Table.Cell(kept.Lease), Table.Cell(string.Join(", ", kept.Tests)), Table.Cell(kept.Until.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)) })],
        "Nothing was kept of a failed test.");

    public static Markup Sweeps(SessionReport report) => Table.Render(
        "Databases in which suites make their own schemas",
        [new("Database"), new("When"), new("Dropped", "number"), new("Kept", "text"), new("Took", "number")],
        [.. report.Sweeps.Select(sweep => new[]
        {
            Markup.Of($"<code>{sweep.Database}</code>"),
            Table.Cell($"{sweep.When} of the session"),
            Table.Cell(sweep.Dropped),
            sweep.Kept.Count == 0 ? Table.Cell("none") : Markup.Of($"<ul>{Markup.Join(sweep.Kept, schema => Markup.Of($"<li><code>{schema.Name}</code>: {schema.Reason}</li>"))}</ul>"),
            Table.Cell(ElapsedText.Of(sweep.Milliseconds)),
        })],
        "No Sweep rule is configured, or another session was alive in each database.");

    // A migrator may have written thousands of lines: what was wrong comes first then.
    public static Markup Log(SessionReport report) => Table.Render(
        "What the keeper said",
        [new("After", "number"), new("Level"), new("Message", "text")],
        [.. report.Log.OrderBy(entry => report.Log.Count > MostLogged && entry.Level == LogLevel.Information).Select(entry => new[] { Table.Cell(ElapsedText.Of(Math.Max(0, (entry.At - report.StartedAt).TotalMilliseconds))), Level(entry.Level), Message(entry.Message) })],
        "Nothing was said.");

    private static Markup Level(LogLevel level) => Markup.Of($"<span class=\"level {level.ToString().ToLowerInvariant()}\">{level.ToString()}</span>");

    // The code is what is looked up.
    private static Markup Message(string message)
        => message.StartsWith("SI", StringComparison.Ordinal) && message.IndexOf(':', StringComparison.Ordinal) is CodeLength
            ? Markup.Of($"<strong>{message[..CodeLength]}</strong>{message[CodeLength..]}")
            : Table.Cell(message);

    private static string Describe(LeakKind kind) => kind switch
    {
        LeakKind.Lease => "Lease",
        LeakKind.Connection => "Idle connections",
        LeakKind.Transaction => "Connections in a transaction",
        _ => "Objects elsewhere",
    };
}
