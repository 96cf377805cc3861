using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Tests.Unit.Postgres;

public sealed class IdentifierTests
{
    [Theory]
    [InlineData("test_1", "\"test_1\"")]
    [InlineData("Upper Case", "\"Upper Case\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("\"\"", "\"\"\"\"\"\"")]
    [InlineData("a'; drop database x; --", "\"a'; drop database x; --\"")]
    [InlineData("ü", "\"ü\"")]
    public void A_quote_in_a_name_is_doubled(string name, string quoted)
    {
        Assert.Equal(quoted, Identifier.Quote(name));
    }

    [Fact]
    public void A_name_with_a_nul_character_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Identifier.Quote("test\0"));
    }
}
