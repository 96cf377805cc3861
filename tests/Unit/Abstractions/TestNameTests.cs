using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.Unit.Abstractions;

public sealed class TestNameTests
{
    [Theory]
    [InlineData("/src/tests/PackTests.cs", "Creates", "PackTests.Creates")]
    [InlineData("C:\\src\\tests\\PackTests.cs", "Creates", "PackTests.Creates")]
    [InlineData("C:\\src/tests\\PackTests.cs", "Creates", "PackTests.Creates")]
    [InlineData("/_/tests/PackTests.Creation.cs", "Creates", "PackTests.Creates")]
    [InlineData("PackTests.fs", "creates a pack", "PackTests.creates a pack")]
    [InlineData("PackTests", "Creates", "PackTests.Creates")]
    [InlineData("/src/v1.2/PackTests.cs", "Creates", "PackTests.Creates")]
    [InlineData("/src/.cs", "Creates", ".cs.Creates")]
    [InlineData("", "Creates", "Creates")]
    [InlineData("/src/", "Creates", "Creates")]
    [InlineData("", "", "")]
    public void It_is_made_of_the_files_name_and_the_method(string file, string member, string name)
    {
        Assert.Equal(name, TestName.From(file, member));
    }

    [Fact]
    public void It_is_cut_at_500_characters()
    {
        var name = TestName.From("/src/PackTests.cs", new string('x', 1000));

        Assert.Equal(500, name.Length);
        Assert.StartsWith("PackTests.xxx", name, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_not_cut_within_a_character()
    {
        var name = TestName.Cut(new string('x', 499) + "😀");

        Assert.Equal(new string('x', 499), name);
    }
}
