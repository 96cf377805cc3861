using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Tests.Conventions;

/// <summary>What the pages show is what is compiled and run somewhere.</summary>
public sealed partial class SnippetTests
{
    private static readonly JsonDocumentOptions AsInFiles = new() { CommentHandling = JsonCommentHandling.Skip };

    // Samples are compiled and run by ./build/demo.sh, suites by the acceptance tests.
    private static readonly IReadOnlyList<string> Compiled =
        [.. SourceTree.Files("samples", ".cs").Concat(SourceTree.Files("tests/Acceptance/Suites", ".cs")).Select(file => Lines(file.Text))];

    public static TheoryData<string> Pages => [.. SourceTree.Files("docs", ".md").Select(file => file.Name).Prepend("README.md")];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_piece_of_code_is_cut_from_a_file_that_is_compiled(string page)
        => Assert.DoesNotContain(Blocks(page, "csharp"), code => !Compiled.Any(file => IsCutFrom(file, code)));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_configuration_names_options_that_there_are(string page)
    {
        var keys = Blocks(page, "json").SelectMany(json => JsonDocument.Parse(json, AsInFiles).RootElement.EnumerateObject()).Select(member => member.Name);

        Assert.Empty(keys.Except(OptionKey.All.Select(key => key.Name), StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_piece_of_xml_is_well_formed(string page)
        => Assert.All(Blocks(page, "xml"), xml => XElement.Parse($"<page>{xml}</page>"));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_ci_file_is_one_that_is_beside_the_page(string page)
    {
        var files = SourceTree.Files("docs/ci", ".yml").Select(file => file.Text).ToList();

        Assert.All(Blocks(page, "yaml"), yaml => Assert.Contains(yaml, files));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_leads_to_a_file_that_there_is_and_a_heading_in_it(string page)
    {
        var links = Link().Matches(SourceTree.Read(page)).Select(link => link.Groups["to"].Value).Where(link => !link.Contains("://", StringComparison.Ordinal));

        Assert.DoesNotContain(links, link => !LeadsSomewhere(page, link));
    }

    private static bool LeadsSomewhere(string page, string link)
    {
        var (file, heading) = link.Split('#', 2) is [var before, var after] ? (before, after) : (link, null);
        var target = file.Length == 0 ? SourceTree.PathOf(page) : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(SourceTree.PathOf(page))!, file));
        return heading is null ? Path.Exists(target) : File.Exists(target) && Heading().Matches(File.ReadAllText(target)).Any(match => Anchor(match.Groups["text"].Value) == heading);
    }

    // As code hosts make them of headings.
    private static string Anchor(string heading)
        => string.Concat(heading.ToLowerInvariant().Where(character => char.IsLetterOrDigit(character) || character is ' ' or '-' or '_')).Replace(' ', '-');

    private static IEnumerable<string> Blocks(string page, string language)
        => Block().Matches(SourceTree.Read(page)).Where(match => match.Groups["language"].Value == language).Select(match => match.Groups["text"].Value);

    // Whole lines, with others between them where the page has an ellipsis.
    private static bool IsCutFrom(string file, string code)
    {
        var place = 0;
        foreach (var part in Lines(code).Split("\n// …\n").Select(part => $"\n{part.Trim('\n')}\n"))
        {
            var found = file.IndexOf(part, place, StringComparison.Ordinal);
            if (found < 0)
                return false;
            place = found + part.Length - 1;
        }

        return true;
    }

    // Neither indentation nor empty lines are part of what is shown.
    private static string Lines(string text)
        => "\n" + string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)) + "\n";

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"(?<!!)\[[^\]]+\]\((?<to>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#+ (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
