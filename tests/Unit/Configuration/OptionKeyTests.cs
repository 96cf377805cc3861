using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Tests.Unit.Configuration;

public sealed class OptionKeyTests
{
    [Theory]
    [InlineData("MaxSlot", "MaxSlots")]
    [InlineData("maxslots", "MaxSlots")]
    [InlineData("MaximumSlots", "MaxSlots")]
    [InlineData("Timeout", "LeaseTimeout")]
    [InlineData("MigrationsTimeout", "MigrationTimeout")]
    [InlineData("Migration", "Migrations")]
    [InlineData("Seed", "Seeds")]
    [InlineData("ConnectionServer", "Server")]
    [InlineData("ServerDir", "Server")]
    [InlineData("TemplateCopy", "TemplateCopies")]
    [InlineData("x", "Seeds")]
    public void The_nearest_key_is_the_one_with_the_fewest_changes(string wrong, string nearest)
    {
        var name = OptionKey.Nearest(wrong);

        Assert.Equal(nearest, name);
    }

    [Fact]
    public void Every_property_of_the_options_but_the_project_is_a_key()
    {
        var properties = typeof(Options).GetProperties().Select(property => property.Name).Where(name => name is not ("ProjectDirectory" or "EqualityContract"));

        Assert.Equal(properties.Order(), OptionKey.All.Select(key => key.Name).Order());
    }
}
