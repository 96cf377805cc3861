namespace SchemaIsolation.Tests.Unit.Abstractions;

public sealed class LeaseOptionsTests
{
    [Fact]
    public void The_default_is_migrated()
    {
        Assert.Equal(LeaseContent.Migrated, new LeaseOptions().Content);
    }

    [Fact]
    public void The_named_ones_say_what_they_are()
    {
        Assert.Equal(new LeaseOptions { Content = LeaseContent.Empty }, LeaseOptions.Empty);
        Assert.Equal(new LeaseOptions { Content = LeaseContent.NameOnly }, LeaseOptions.NameOnly);
    }
}
