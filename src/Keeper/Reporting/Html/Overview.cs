namespace SchemaIsolation.Keeper.Reporting.Html;

/// <summary>The first screen: whether all is well, and the figures of the run.</summary>
internal static class Overview
{
    public static Markup Render(SessionReport report) => Markup.Of($"""
        <header class="top">
        <p class="brand"><svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true"><rect x="1" y="1" width="14" height="3.6" rx="1.2"/><rect x="1" y="6.2" width="9" height="3.6" rx="1.2"/><rect x="1" y="11.4" width="14" height="3.6" rx="1.2"/></svg> SchemaIsolation</p>
        <h1>{report.ProjectName}</h1>
        <p class="meta"><time datetime="{report.StartedAt:O}">{report.StartedAt.ToUniversalTime():yyyy-MM-dd HH:mm:ss} UTC</time> <span>Session <code>{report.Session}</code></span></p>
        </header>
        """);

    public static Markup Verdict(SessionReport report)
    {
        var wrong = report.Log.Where(entry => entry.Level != LogLevel.Information).OrderByDescending(entry => entry.Level).ToList();
        var kind = !report.IsClean ? "bad" : wrong.Count > 0 ? "warned" : "good";
        return Markup.Of($"""
            <section class="verdict {kind}" aria-labelledby="verdict">
            <svg class="sign" viewBox="0 0 24 24" width="28" height="28" aria-hidden="true">{Sign(kind)}</svg>
            <div><h2 id="verdict">{Headline(report)}</h2>
            <p>{Explanation(report)}</p>
            {Attention(wrong)}</div>
            </section>
            """);
    }

    public static Markup Figures(SessionReport report)
    {
        var waits = Percentiles.Of(report.Leases.Select(lease => lease.WaitedMilliseconds));
        return Markup.Of($"""
            <section aria-label="Figures of the run"><dl class="figures">
            {Figure("Leases", Markup.Of($"{report.Counts.Leases:N0}"), MostAtOnce(report))}
            {Figure("Lease wait, median", Elapsed(waits?.Median), waits is null ? "No lease was asked for." : $"p95 {ElapsedText.Of(waits.P95)} · p99 {ElapsedText.Of(waits.P99)} · longest {ElapsedText.Of(waits.Most)}")}
            {Figure("Slots made", Markup.Of($"{report.Counts.Made:N0}"), $"{report.Retired.Count} retired · {report.Counts.Dropped} dropped · {report.Counts.Left} left over")}
            {Templates(report)}
            {Figure("Server", Markup.Of($"{(report.Server is null ? "none" : $"PostgreSQL {report.Server.Version}")}"), Describe(report.Server))}
            {Figure("Whole session", Elapsed((report.EndedAt - report.StartedAt).TotalMilliseconds), $"of it {ElapsedText.Of(report.SweepMilliseconds)} to drop everything and count")}
            </dl></section>
            """);
    }

    private static string Headline(SessionReport report) => report switch
    {
        { Counts.Left: 0, IsClean: true } => "Nothing left over",
        { Counts.Left: 0 } => "The run is red",
        _ => $"{report.Counts.Left} left over",
    };

    private static string Explanation(SessionReport report) => report switch
    {
        { Server: null } => "No server could be had, so no lease was granted.",
        { Counts: { Left: 0, Made: 0 } } => "The session made no slot, and the server lists nothing of it.",
        { Counts.Left: 0, Kept.Count: > 0 } => $"All slots that the session made are gone but the {report.Kept.Count} that are kept of failed tests, of {report.Counts.Made}: the server lists nothing else of it.",
        { Counts.Left: 0 } => $"All {report.Counts.Made} slots that the session made are gone: the server lists nothing of it.",
        _ => "The server still lists databases or schemas of this session. The next session's start drops them.",
    };

    private static Markup Attention(List<LogEntry> wrong)
        => wrong.Count == 0
            ? Markup.None
            : Markup.Of($"<ul class=\"attention\">{Markup.Join(wrong, entry => Markup.Of($"<li><strong class=\"{entry.Level.ToString().ToLowerInvariant()}\">{(entry.Level == LogLevel.Error ? "Error" : "Warning")}</strong> {entry.Message}</li>"))}</ul>");

    private static Markup Templates(SessionReport report)
    {
        if (report.Templates.Count == 0)
            return Figure("Template", Markup.Of($"none"), "No migrated lease was asked for, or slots are schemas of a shared database.");
        var built = report.Templates.Where(template => !template.IsReused).ToList();
        return Figure(
            report.Templates.Count == 1 ? $"Template {(built.Count > 0 ? "built in" : "reused in")}" : $"Templates, {built.Count} built, {report.Templates.Count - built.Count} reused",
            Elapsed(report.Templates.Sum(template => template.Milliseconds)),
            string.Join(", ", report.Templates.Select(template => $"{template.Template} ({template.Kind})")));
    }

    private static Markup Figure(string name, Markup value, string more)
        => Markup.Of($"<div><dt>{name}</dt><dd class=\"value\">{value}</dd><dd>{more}</dd></div>");

    private static Markup Elapsed(double? milliseconds)
    {
        if (milliseconds is not { } known)
            return Markup.Of($"–");
        var text = ElapsedText.Of(known);
        var unit = text.LastIndexOf(' ');
        return Markup.Of($"{text[..unit]}<small> {text[(unit + 1)..]}</small>");
    }

    private static string Describe(ReportedServer? server) => server is null
        ? "The log says why."
        : $"{(server.IsEmbedded ? "embedded" : server.Address)}, {(server.IsDurable ? "durable settings" : "without waiting for the disk")}";

    private static string MostAtOnce(SessionReport report)
    {
        var (now, most) = (0, 0);
        foreach (var change in report.Leases
            .SelectMany(lease => new[] { (At: lease.LeasedAt, By: 1), (At: lease.HeldMilliseconds is { } held ? lease.LeasedAt.AddMilliseconds(held) : report.EndedAt, By: -1) })
            .OrderBy(change => change.At).ThenBy(change => change.By))
        {
            now += change.By;
            most = Math.Max(most, now);
        }

        return $"at most {most} at once";
    }

    private static Markup Sign(string kind) => new(kind switch
    {
        "good" => """<circle cx="12" cy="12" r="11"/><path d="M7 12.5l3.4 3.4L17 9"/>""",
        "warned" => """<path class="shape" d="M12 1.8L23.2 21.6H.8z"/><path d="M12 9v5.2M12 17.6v.6"/>""",
        _ => """<circle cx="12" cy="12" r="11"/><path d="M8 8l8 8M16 8l-8 8"/>""",
    });
}
