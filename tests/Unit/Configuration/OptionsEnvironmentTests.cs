namespace SchemaIsolation.Tests.Unit.Configuration;

[Collection(nameof(EnvironmentCollection))]
public sealed class OptionsEnvironmentTests
{
    [Fact]
    public void The_environment_wins_over_the_environment_file()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/.env.test", "SCHEMAISOLATION__MaxSlots=2");
        using var variable = new EnvironmentVariable("SCHEMAISOLATION__MaxSlots", "3");

        var options = repository.Read();

        Assert.Equal(3, options.MaxSlots);
    }

    [Fact]
    public void Xml_wins_over_the_environment()
    {
        using var repository = new Repository();
        using var variable = new EnvironmentVariable("SCHEMAISOLATION__MaxSlots", "3");

        var options = repository.Read("<Configuration><MaxSlots>4</MaxSlots></Configuration>");

        Assert.Equal(4, options.MaxSlots);
    }

    [Fact]
    public void A_path_in_the_environment_starts_from_the_project()
    {
        using var repository = new Repository();
        repository.Write("schemaisolation.json", "{}");
        using var variable = new EnvironmentVariable("SCHEMAISOLATION__Migrations", "sql;../more");

        var options = repository.Read();

        Assert.Equal([repository.PathOf("App.Tests/sql"), repository.PathOf("more")], options.DefaultTemplate.Migrations);
    }

    [Fact]
    public void A_mistake_in_the_environment_is_named_so()
    {
        using var repository = new Repository();
        using var variable = new EnvironmentVariable("SCHEMAISOLATION__MaxSlots", "many");
        using var unknown = new EnvironmentVariable("SCHEMAISOLATION__LeaseTime", "00:01:00");

        var refusal = repository.Refusal();

        Assert.Equal(
            "2 options are wrong. \"LeaseTime\" in the environment is not an option; did you mean \"LeaseTimeout\"? "
            + "\"MaxSlots\" in the environment is \"many\"; legal is a count, 1 to 1000.",
            refusal.Reason);
    }

    [Fact]
    public void The_variables_of_a_session_are_not_options()
    {
        using var repository = new Repository();
        using var variable = new EnvironmentVariable("SCHEMAISOLATION_SESSION", "0a1b2c3d");

        var options = repository.Read();

        Assert.Equal(64, options.MaxSlots);
    }
}
