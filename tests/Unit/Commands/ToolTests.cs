using System.CommandLine;
using SchemaIsolation.Keeper.Commands;

namespace SchemaIsolation.Tests.Unit.Commands;

public sealed class ToolTests
{
    public static TheoryData<string> Commands => [.. Leaves(Tool.Create()).Select(command => command.Path)];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Its_help_calls_it_by_its_name_and_ends_with_examples(string command)
    {
        var help = new StringWriter();

        var code = await Tool.RunAsync([.. command.Split(' '), "--help"], new InvocationConfiguration { Output = help });

        Assert.Equal(0, code);
        Assert.Contains($"  schema-isolation {command}", help.ToString(), StringComparison.Ordinal);
        Assert.Contains($"Examples:\n  schema-isolation {command}", help.ToString().ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Its_description_is_a_sentence(string command)
        => Assert.Matches("^[A-Z].*\\.$", Tool.Create().Parse(command).CommandResult.Command.Description!);

    [Theory]
    [InlineData("bogus")]
    [InlineData("sweep --bogus")]
    [InlineData("status surplus")]
    [InlineData("completion tcsh")]
    [InlineData("bench --times 0")]
    [InlineData("bench --times 1001")]
    [InlineData("bench --times many")]
    [InlineData("status --project no/such/place")]
    public async Task A_wrong_command_line_ends_with_2_and_has_no_answer(string arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());

        var code = await Tool.RunAsync(arguments.Split(' '), new InvocationConfiguration { Output = output, Error = error });

        Assert.Equal(2, code);
        Assert.Empty(output.ToString().Trim());
        Assert.NotEmpty(error.ToString());
    }

    [Theory]
    [InlineData("clean")]
    [InlineData("drop")]
    [InlineData("reset")]
    [InlineData("server wipe")]
    [InlineData("sweep")]
    public void What_destroys_something_can_be_forced(string command)
        => Assert.Contains(Tool.Create().Parse(command).CommandResult.Command.Options, option => option.Name == "--force");

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path = "")
        => command.Subcommands.SelectMany(child => child.Subcommands.Count == 0 ? [($"{path}{child.Name}", child)] : Leaves(child, $"{path}{child.Name} "));
}
