namespace SchemaIsolation.Keeper.Reporting.Html;

/// <summary>Where the script draws the leases, and the table that says the same.</summary>
internal static class Timeline
{
    /// <summary>How many leases the table has at a time; without the script these are all.</summary>
    private const int Page = 50;

    public static Markup Render(SessionReport report, Lanes lanes) => report.Leases.Count == 0
        ? Markup.Of($"<p class=\"none\">There was no lease.</p>")
        : Markup.Of($"""
            <div class="timeline needs-script" id="timeline">
            <div class="bar-above">
            <ul class="legend" aria-label="What the colours and hatches mean">
            <li><i class="released"></i>released</li><li><i class="dirtied"></i>its code ended the transaction</li><li><i class="lost"></i>never released</li><li><i class="wait"></i>wait</li><li><i class="reset"></i>reset or drop</li>{(report.Leases.Any(lease => lease.Outcome == ReportedLease.FailedOutcome) ? Markup.Of($"<li><i class=\"failed\"></i>test failed</li>") : Markup.None)}
            </ul>
            <div class="buttons"><button type="button" data-do="in" aria-label="Zoom in">+</button><button type="button" data-do="out" aria-label="Zoom out">−</button><button type="button" data-do="all">Whole run</button></div>
            </div>
            <div class="stage"><canvas id="leases" tabindex="0" role="application" aria-roledescription="timeline" aria-label="{report.Leases.Count} leases in {lanes.Count} rows. Arrow keys step through them." aria-describedby="keys"></canvas><div id="tip" aria-hidden="true" hidden></div></div>
            <p id="told" class="told" role="status" aria-live="polite"></p>
            <p id="keys" class="hint">{(lanes.AreSlots ? "A row is a slot" : "A row is slots that were used one after another")}. With the timeline focused, <kbd>←</kbd> <kbd>→</kbd> step through the leases, <kbd>↑</kbd> <kbd>↓</kbd> through the rows, <kbd>+</kbd> <kbd>−</kbd> or the wheel zoom, <kbd>PgUp</kbd> <kbd>PgDn</kbd> or dragging move, <kbd>0</kbd> shows the whole run, <kbd>Enter</kbd> finds the lease in the table.</p>
            </div>
            <div class="bar-above needs-script" id="finding">
            <label>Tests whose name contains <input type="search" id="filter" autocomplete="off" spellcheck="false"></label>
            <div class="buttons"><button type="button" id="former">Previous</button> <span id="page" role="status"></span> <button type="button" id="next">Next</button></div>
            </div>
            <div class="scroll" role="region" aria-label="Leases" tabindex="0"><table id="table">
            <caption>Leases, in the order in which they were granted<span class="without-script">{(report.Leases.Count > Page ? $": the first {Page} of {report.Leases.Count}; all are in {SessionReport.FileName}" : string.Empty)}</span></caption>
            <thead><tr><th scope="col" class="number" data-sort="number">Lease</th><th scope="col" data-sort="test">Test</th><th scope="col" data-sort="slot">Slot</th><th scope="col" class="number" data-sort="start">Granted after</th><th scope="col" class="number" data-sort="wait">Waited</th><th scope="col" class="number" data-sort="held">Held</th><th scope="col" data-sort="ending">Ended</th></tr></thead>
            <tbody>
            {Markup.Join(report.Leases.Take(Page), lease => Row(lease, report.StartedAt))}</tbody>
            </table></div>
            """);

    private static Markup Row(ReportedLease lease, DateTimeOffset start) => Markup.Of($"""
        <tr><td class="number">{lease.Number}</td><td class="name">{lease.Test}</td><td><code>{lease.Slot}</code></td><td class="number">{ElapsedText.Of((lease.LeasedAt - start).TotalMilliseconds)}</td><td class="number">{ElapsedText.Of(lease.WaitedMilliseconds)}</td><td class="number">{(lease.HeldMilliseconds is { } held ? ElapsedText.Of(held) : "–")}</td><td>{LeaseEnding.Describe(lease)}{(lease.Outcome is null ? string.Empty : $", test {lease.Outcome.ToLowerInvariant()}")}</td></tr>

        """);
}
