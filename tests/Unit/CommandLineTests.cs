using SchemaIsolation.Keeper;
using Xunit;

namespace SchemaIsolation.Tests.Unit;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("   ", "")]
    [InlineData("flyway migrate", "flyway|migrate")]
    [InlineData("  dotnet \t run\n--project ../Migrator -- ", "dotnet|run|--project|../Migrator|--")]
    [InlineData("run \"a b\" 'c d'", "run|a b|c d")]
    [InlineData("run \"it's\" 'say \"so\"'", "run|it's|say \"so\"")]
    [InlineData("run a\" b\"'c 'd", "run|a bc d")]
    [InlineData("run \"\" ''", "run||")]
    [InlineData("run \"a \\\"b\\\" c\"", "run|a \"b\" c")]
    [InlineData("C:\\tools\\m.exe \"C:\\my files\\x\"", "C:\\tools\\m.exe|C:\\my files\\x")]
    public void A_command_is_split_at_spaces_outside_quotes(string text, string words)
        => Assert.Equal(words, string.Join('|', CommandLine.Split(text)));

    [Theory]
    [InlineData("run 'never closed")]
    [InlineData("run \"never closed \\\"")]
    public void A_quote_that_is_never_closed_is_a_mistake(string text) => Assert.Throws<FormatException>(() => CommandLine.Split(text));
}
