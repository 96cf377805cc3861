using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Tests.Unit.Configuration;

public sealed class DotEnvFileTests
{
    [Theory]
    [InlineData("KEY=value", "value")]
    [InlineData("  KEY = value  ", "value")]
    [InlineData("KEY=value\r", "value")]
    [InlineData("export KEY=value", "value")]
    [InlineData("export   KEY=value", "value")]
    [InlineData("KEY=", "")]
    [InlineData("KEY=a=b", "a=b")]
    [InlineData("KEY=a b", "a b")]
    [InlineData("KEY=a # comment", "a")]
    [InlineData("KEY=a#b", "a#b")]
    [InlineData("KEY=\"a # b\"", "a # b")]
    [InlineData("KEY='a \"b\" c'", "a \"b\" c")]
    [InlineData("KEY=\" a \" # comment", " a ")]
    [InlineData("KEY=''", "")]
    [InlineData("KEY=a'b", "a'b")]
    public void A_line_assigns_a_value(string line, string value)
    {
        var pairs = DotEnvFile.Parse(line);

        Assert.Equal([new("KEY", value)], pairs);
    }

    [Fact]
    public void Blank_lines_and_comments_are_passed_over()
    {
        var pairs = DotEnvFile.Parse("\n# A=1\r\n   \n  # B=2\nC=3\n");

        Assert.Equal([new("C", "3")], pairs);
    }

    [Fact]
    public void Lines_keep_their_order()
    {
        var pairs = DotEnvFile.Parse("B=1\nA=2\nB=3");

        Assert.Equal([new("B", "1"), new("A", "2"), new("B", "3")], pairs);
    }

    [Fact]
    public void A_text_without_lines_assigns_nothing()
    {
        var pairs = DotEnvFile.Parse("");

        Assert.Empty(pairs);
    }

    [Theory]
    [InlineData("A=1\ns3cret", "line 2 is not of the form KEY=value.")]
    [InlineData("=s3cret", "line 1 is not of the form KEY=value.")]
    [InlineData("A=1\n\nB=\"s3cret", "line 3 opens a quote that it does not close.")]
    [InlineData("A='s3cret\"", "line 1 opens a quote that it does not close.")]
    public void A_line_that_assigns_nothing_is_named_by_its_number_alone(string text, string message)
    {
        var exception = Assert.Throws<FormatException>(() => DotEnvFile.Parse(text));

        Assert.Equal(message, exception.Message);
    }
}
