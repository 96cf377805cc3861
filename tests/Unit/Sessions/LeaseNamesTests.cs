using SchemaIsolation.Keeper.Sessions;

namespace SchemaIsolation.Tests.Unit.Sessions;

public sealed class LeaseNamesTests
{
    [Theory]
    [InlineData(1, "PackTests.Creates", "si 1 PackTests.Creates")]
    [InlineData(1234567, "T", "si 1234567 T")]
    [InlineData(2, "", "si 2 ")]
    [InlineData(3, "PrüfTests.Größe", "si 3 Pr?fTests.Gr??e")]
    [InlineData(4, "T.a\tb\nc\u007f", "si 4 T.a?b?c?")]
    [InlineData(5, "T.😀", "si 5 T.??")]
    [InlineData(6, "12345678901234567890123456789012345678901234567890123456789", "si 6 1234567890123456789012345678901234567890123456789012345678")]
    [InlineData(2147483647, "12345678901234567890123456789012345678901234567890", "si 2147483647 1234567890123456789012345678901234567890123456789")]
    public void An_application_name_is_printable_and_at_most_63_bytes(int number, string test, string name)
    {
        Assert.Equal(name, LeaseNames.Application(number, test));
    }

    [Theory]
    [InlineData("/src/Shop.Tests", "si Shop.Tests")]
    [InlineData("/src/Größe Tests/", "si Gr??e Tests")]
    [InlineData("/", "si ")]
    public void A_project_is_named_by_its_directory(string directory, string name) => Assert.Equal(name, LeaseNames.ApplicationOfProject(directory));

    [Fact]
    public void A_directory_is_named_by_its_number()
    {
        Assert.Equal("12", LeaseNames.Directory(12));
    }
}
