using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Tests.Unit.Configuration;

public sealed class OptionKeyTests
{
    [Theory]
    [InlineData("MaxSlot", "MaxSlots")]
    [InlineData("maxslots", "MaxSlots")]
    [InlineData("MaximumSlots", "MaxSlots")]
    [InlineData("LeaseTime", "LeaseTimeout")]
    [InlineData("MigrationsTimeout", "MigrationTimeout")]
    [InlineData("Migration", "Migrations")]
    [InlineData("Seed", "Seeds")]
    [InlineData("DbServer", "Server")]
    [InlineData("ServerDir", "Server")]
    [InlineData("TemplateCopy", "TemplateCopies")]
    [InlineData("x", "Seeds")]
    public void The_nearest_key_is_the_one_with_the_fewest_changes(string wrong, string nearest)
    {
        var name = OptionKey.Nearest(wrong);

        Assert.Equal(nearest, name);
    }

    [Fact]
    public void Every_property_of_the_options_is_a_key_but_where_they_come_from()
    {
        var properties = typeof(Options).GetProperties().Concat(typeof(TemplateOptions).GetProperties()).Select(property => property.Name)
            .Except(["ProjectDirectory", "ServerOrigin", "EqualityContract", "Templates", "DefaultTemplate", "Name", "From", "IsEmpty"]);

        Assert.Equal(properties.Append("Template").Order(), OptionKey.All.Select(key => key.Name).Order());
    }
}
