using System.Globalization;

namespace SchemaIsolation.Keeper.Reporting.Html;

/// <summary>This run beside earlier ones of the same project that are like it.</summary>
internal static class RunTrend
{
    private const int Compared = 10;
    private const int Width = 600;
    private const int Height = 90;

    public static Markup Render(SessionReport report)
    {
        var current = ReportedRun.Of(report);
        var like = report.EarlierRuns.Where(current.IsLike).ToList();
        var unlike = report.EarlierRuns.Count - like.Count;
        if (like.Count == 0)
            return Markup.Of($"<p class=\"none\">No earlier run with about as many leases is kept on this machine. The next one will be compared with this.{Unlike(unlike)}</p>");

        return Markup.Of($"""
            <div class="trends">
            {Chart("Whole session", current, like, ("session", run => run.SuiteMilliseconds))}
            {Chart("Lease wait", current, like, ("p95", run => run.WaitedP95Milliseconds), ("median", run => run.WaitedMedianMilliseconds))}
            </div>
            <p class="hint">Each point is a run, the last one this.{Unlike(unlike)}</p>
            """);
    }

    private static string Unlike(int count)
        => count == 0 ? string.Empty : $" Left out: {count} {(count == 1 ? "run" : "runs")} of fewer than half or more than twice as many leases.";

    private static Markup Chart(string title, ReportedRun current, List<ReportedRun> earlier, params (string Name, Func<ReportedRun, double?> Value)[] lines)
    {
        var most = earlier.Append(current).SelectMany(run => lines.Select(line => line.Value(run) ?? 0)).Max();
        return Markup.Of($"""
            <figure>
            <figcaption><h3>{title}</h3><p>{string.Join(" ", lines.Select(line => Compare(lines.Length == 1 ? title : $"{title} {line.Name}", current, earlier, line.Value)))}</p></figcaption>
            <div class="plot"><span class="most">{ElapsedText.Of(most)}</span>
            <svg viewBox="0 0 {Width} {Height}" preserveAspectRatio="none" aria-hidden="true"><path class="grid" d="M0 {Height}H{Width}M0 .5H{Width}"/>{Markup.Join(lines.Select((line, index) => Line(index, current, earlier, line.Value, most)))}</svg>
            <span class="least">0</span></div>
            <p class="ends"><span>{earlier[0].StartedAt.ToUniversalTime():yyyy-MM-dd HH:mm}</span>{Keys(lines)}<span>this run</span></p>
            </figure>
            """);
    }

    private static Markup Keys((string Name, Func<ReportedRun, double?> Value)[] lines)
        => lines.Length == 1 ? Markup.None : Markup.Of($"<span class=\"lines\">{Markup.Join(lines.Select((line, index) => Markup.Of($"<i class=\"line{index}\"></i>{line.Name} ")))}</span>");

    // Points are lines of no length with round ends: those keep their shape however the chart is stretched.
    private static Markup Line(int index, ReportedRun current, List<ReportedRun> earlier, Func<ReportedRun, double?> value, double most)
    {
        string[] points = [.. earlier.Append(current).Select((run, number) => string.Create(CultureInfo.InvariantCulture,
            $"{6 + (number * (Width - 12.0) / earlier.Count):0.#} {Height - 5 - ((value(run) ?? 0) / Math.Max(most, 0.001) * (Height - 12)):0.#}"))];
        return Markup.Of($"<path class=\"line line{index}\" d=\"M{string.Join('L', points)}\"/><path class=\"dots line{index}\" d=\"{string.Concat(points.SkipLast(1).Select(point => $"M{point}h0"))}\"/><path class=\"this line{index}\" d=\"M{points[^1]}h0\"/>");
    }

    private static string Compare(string name, ReportedRun current, List<ReportedRun> earlier, Func<ReportedRun, double?> value)
    {
        double[] former = [.. earlier.TakeLast(Compared).Select(value).OfType<double>()];
        if (value(current) is not { } now || Percentiles.Of(former)?.Median is not (> 0 and var median))
            return $"{name}: nothing to compare with.";

        var percent = Math.Round((now - median) / median * 100);
        var difference = percent switch
        {
            0 => "as much as",
            > 0 => string.Create(CultureInfo.InvariantCulture, $"{percent} % more than"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{-percent} % less than"),
        };
        return $"{name} {ElapsedText.Of(now)}, {difference} {(former.Length == 1 ? "the last run" : $"the median of the last {former.Length} runs")}.";
    }
}
