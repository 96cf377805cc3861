using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Tests.Unit.Postgres;

public sealed class SessionHolderTests
{
    [Fact]
    public void It_is_read_as_it_is_shown()
    {
        var holder = new SessionHolder(4711, "build-7", "0a1b2c", "Shop Tests");

        Assert.Equal(holder, SessionHolder.TryParse(holder.ToString()));
    }

    [Theory]
    [InlineData("schema-isolation keeper")]
    [InlineData("psql")]
    [InlineData("")]
    [InlineData("schema-isolation 99999999999@host~0a1b2c project")]
    public void Another_application_is_no_holder(string application) => Assert.Null(SessionHolder.TryParse(application));

    [Fact]
    public void Of_a_project_only_the_directory_s_own_name_is_shown()
        => Assert.Equal("Shop.Tests", SessionHolder.Current($"{Path.DirectorySeparatorChar}secret{Path.DirectorySeparatorChar}Shop.Tests{Path.DirectorySeparatorChar}").Project);
}
