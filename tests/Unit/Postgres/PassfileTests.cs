using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Tests.Unit.Postgres;

[Collection(nameof(EnvironmentCollection))]
public sealed class PassfileTests
{
    [Theory]
    [InlineData("Host=h", "/secrets/pass")]
    [InlineData("Host=h;Passfile=/mine", "/mine")]
    [InlineData("Host=h;Password=p", null)]
    public void The_environments_is_told_to_tests_where_nothing_else_lets_them_in(string text, string? passfile)
    {
        using var variable = new EnvironmentVariable("PGPASSFILE", "/secrets/pass");

        Assert.Equal(passfile, ServerAddress.Parse(text).For("d").Passfile);
    }

    [Fact]
    public void The_environments_does_not_count_as_said_by_the_address()
    {
        using var variable = new EnvironmentVariable("PGPASSFILE", "/secrets/pass");

        Assert.False(ServerAddress.Parse("Host=h").HasPassword);
    }
}
