using System.Text.RegularExpressions;

namespace SchemaIsolation.Tests.Conventions;

/// <summary>What the page on test frameworks shows is what the acceptance tests run.</summary>
public sealed partial class FrameworksPageTests
{
    private static readonly string Page = SourceTree.Read("docs/frameworks.md");

    [Fact]
    public void Every_snippet_is_cut_from_the_file_that_is_named_above_it()
    {
        var strays = Snippet().Matches(Page)
            .Where(snippet => !IsCutFrom(SourceTree.Read($"docs/{snippet.Groups["file"].Value}"), snippet.Groups["text"].Value))
            .Select(snippet => snippet.Value);

        Assert.Empty(strays);
    }

    [Fact]
    public void Above_every_snippet_a_file_is_named()
    {
        Assert.NotEmpty(Snippet().Matches(Page));
        Assert.Equal(Fence().Count(Page), 2 * Snippet().Count(Page));
    }

    // Whole lines, with others between them where the page has an ellipsis.
    private static bool IsCutFrom(string source, string text)
        => Regex.IsMatch(source, "^" + string.Join(@"(?:.*\n)*?", text.Split("    // …\n").Select(Regex.Escape)), RegexOptions.Multiline);

    [GeneratedRegex(@"\((?<file>\.\./samples/Frameworks/[\w./]+\.cs)\):\n\n```csharp\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Snippet();

    [GeneratedRegex("^```", RegexOptions.Multiline)]
    private static partial Regex Fence();
}
