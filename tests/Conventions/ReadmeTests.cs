using System.Text.RegularExpressions;
using SchemaIsolation.Keeper.Commands;
using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Tests.Conventions;

public sealed partial class ReadmeTests
{
    [Fact]
    public void The_table_of_options_is_the_keepers()
    {
        var expected = OptionKey.All.Select(key => $"| `{key.Name}` | {key.Legal} | {key.Default} | {key.Meaning} |");

        var rows = Rows("README.md").SkipWhile(row => !row.StartsWith("| `Server` |", StringComparison.Ordinal)).TakeWhile(row => row.StartsWith("| `", StringComparison.Ordinal));

        Assert.Equal(expected, rows);
    }

    [Fact]
    public void The_table_of_codes_lists_every_code_of_the_source_and_no_other()
    {
        var used = SourceTree.Files("src", ".cs").SelectMany(file => file.CodeLines).SelectMany(line => Code().Matches(line)).Select(match => match.Value).Distinct().Order();

        var listed = Rows("docs/troubleshooting.md").Select(row => CodeRow().Match(row)).Where(match => match.Success).Select(match => match.Groups["code"].Value);

        Assert.Equal(used, listed);
    }

    [Fact]
    public void The_table_of_verbs_lists_every_verb_of_the_tool()
    {
        var verbs = Tool.Create().Subcommands.Select(command => command.Name);

        var listed = string.Join(' ', Rows("README.md").SkipWhile(row => !row.StartsWith("| Verb |", StringComparison.Ordinal)).TakeWhile(row => row.StartsWith('|')));

        Assert.DoesNotContain(verbs, verb => !listed.Contains($"`{verb}`", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Rows(string page) => SourceTree.Read(page).Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith('|'));

    [GeneratedRegex(@"\bSI[1-4][0-9]{3}\b")]
    private static partial Regex Code();

    [GeneratedRegex(@"^\| (?<code>SI[0-9]{4}) \|")]
    private static partial Regex CodeRow();
}
