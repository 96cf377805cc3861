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
        var properties = typeof(Options).GetProperties().Concat(typeof(TemplateOptions).GetProperties()).Select(property => property.Name)
            .Except(["ProjectDirectory", "EqualityContract", "Templates", "DefaultTemplate", "Name", "From", "IsEmpty"]);

        Assert.Equal(properties.Append("Template").Order(), OptionKey.All.Select(key => key.Name).Order());
    }
}
