using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace SchemaIsolation.Keeper.Reporting.Html;

/// <summary>The report as a page: one file that needs no other, and runs no script but its own.</summary>
internal static class HtmlReport
{
    public const string FileName = "schema-isolation.html";

    public static Task WriteAsync(SessionReport report, string path) => File.WriteAllTextAsync(path, Render(report));

    public static string Render(SessionReport report)
    {
        var lanes = Lanes.Of(report);
        var style = Read("Page.css");
        var script = Read("Timeline.js") + Read("LeaseTable.js");
        var parts = new Dictionary<string, Markup>(StringComparer.Ordinal)
        {
            ["title"] = Markup.Of($"{report.ProjectName}: {(report.IsClean ? "nothing left over" : "red")}"),
            ["policy"] = new($"default-src 'none'; style-src '{Hash(style)}'; script-src '{Hash(script)}'; base-uri 'none'; form-action 'none'"),
            ["style"] = new(style),
            ["script"] = new(script),
            ["data"] = PageData.Of(report, lanes).ToJson(),
            ["header"] = Overview.Render(report),
            ["verdict"] = Overview.Verdict(report),
            ["figures"] = Overview.Figures(report),
            ["timeline"] = Timeline.Render(report, lanes),
            ["waits"] = WaitHistogram.Render(report),
            ["trend"] = RunTrend.Render(report),
            ["migrations"] = Findings.Migrations(report),
            ["leaks"] = Findings.Leaks(report),
            ["retired"] = Findings.Retired(report),
            ["kept"] = Findings.Kept(report),
            ["sweeps"] = Findings.Sweeps(report),
            ["log"] = Findings.Log(report),
            ["project"] = Markup.Of($"{report.Project}"),
        };

        return Fill(Read("Page.html"), parts);
    }

    // In one go, from its beginning to its end: what was put in is not looked through for places.
    private static string Fill(string template, Dictionary<string, Markup> parts)
    {
        var page = new StringBuilder();
        var done = 0;
        for (int start; (start = template.IndexOf("{{", done, StringComparison.Ordinal)) >= 0;)
        {
            var end = template.IndexOf("}}", start, StringComparison.Ordinal);
            page.Append(template, done, start - done).Append(parts[template[(start + 2)..end]].Text);
            done = end + 2;
        }

        return page.Append(template, done, template.Length - done).ToString();
    }

    // What the page may run is named by its content: nothing that a test's name could smuggle in has that.
    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(typeof(HtmlReport), name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
