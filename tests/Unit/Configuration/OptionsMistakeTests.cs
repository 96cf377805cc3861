using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Tests.Unit.Configuration;

public sealed class OptionsMistakeTests
{
    private const string Count64 = "legal is a count, 1 to 64.";
    private const string Count1000 = "legal is a count, 1 to 1000.";
    private const string Time = "legal is a time span, 00:00:01 to 01:00:00.";
    private const string Ttl = "legal is a time span, 00:01:00 to 365.00:00:00.";
    private const string Count10000 = "legal is a count, 1 to 10000.";
    private const string Name = "legal is a database name, 1 to 63 bytes.";

    [Theory]
    [InlineData("TemplateCopies", "0", Count64)]
    [InlineData("TemplateCopies", "65", Count64)]
    [InlineData("TemplateCopies", "-1", Count64)]
    [InlineData("TemplateCopies", "1.5", Count64)]
    [InlineData("TemplateCopies", "eight", Count64)]
    [InlineData("TemplateCopies", "", Count64)]
    [InlineData("MaxSlots", "0", Count1000)]
    [InlineData("MaxSlots", "1001", Count1000)]
    [InlineData("MaxSlots", "1,000", Count1000)]
    [InlineData("MaxSlots", "99999999999999999999", Count1000)]
    [InlineData("LeaseTimeout", "30", Time)]
    [InlineData("LeaseTimeout", "00:00:00", Time)]
    [InlineData("LeaseTimeout", "00:00:00.999", Time)]
    [InlineData("LeaseTimeout", "01:00:01", Time)]
    [InlineData("LeaseTimeout", "-00:01:00", Time)]
    [InlineData("LeaseTimeout", "00:00:61", Time)]
    [InlineData("LeaseTimeout", "1.00:00:00", Time)]
    [InlineData("LeaseTimeout", "30s", Time)]
    [InlineData("LeaseTimeout", "", Time)]
    [InlineData("MigrationTimeout", "300", Time)]
    [InlineData("MigrationTimeout", "02:00:00", Time)]
    [InlineData("TemplateTtl", "00:00:59", Ttl)]
    [InlineData("TemplateTtl", "365.00:00:01", Ttl)]
    [InlineData("TemplateTtl", "7", Ttl)]
    [InlineData("MaxTemplates", "0", Count10000)]
    [InlineData("MaxTemplates", "10001", Count10000)]
    [InlineData("KeepFailed", "-1", "legal is a count, 0 to 100.")]
    [InlineData("KeepFailed", "101", "legal is a count, 0 to 100.")]
    [InlineData("KeepFailedFor", "00:00:00", "legal is a time span, 00:00:01 to 365.00:00:00.")]
    [InlineData("KeepFailedFor", "7", "legal is a time span, 00:00:01 to 365.00:00:00.")]
    [InlineData("MaintenanceDatabase", "", Name)]
    [InlineData("MaintenanceDatabase", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", Name)]
    [InlineData("MaintenanceDatabase", "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü", Name)]
    [InlineData("Migrations", "", "legal is folders of .sql files.")]
    [InlineData("Migrations", " ; ", "legal is folders of .sql files.")]
    [InlineData("Seeds", "", "legal is .sql files, or folders of them.")]
    [InlineData("ServerVersion", "13", "legal is a major version, 14 to 18.")]
    [InlineData("ServerVersion", "17.2", "legal is a major version, 14 to 18.")]
    [InlineData("KeepServer", "12:00:01", "legal is a time span, 00:00:00 to 12:00:00.")]
    [InlineData("KeepServer", "5", "legal is a time span, 00:00:00 to 12:00:00.")]
    [InlineData("ServerDirectory", "", "legal is a directory.")]
    [InlineData("ServerBinaries", "", "legal is a directory that holds initdb, pg_ctl and postgres.")]
    public void A_wrong_value_is_named_with_its_key_its_source_and_what_is_legal(string key, string value, string legal)
    {
        using var repository = new Repository();
        var file = repository.Write("App.Tests/schemaisolation.json", $$"""{ "{{key}}": "{{value}}" }""");

        var refusal = repository.Refusal();

        Assert.Equal("SI1001", refusal.Code);
        Assert.Equal($"One option is wrong. \"{key}\" in {file} is \"{value}\"; {legal}", refusal.Reason);
    }

    [Theory]
    [InlineData("MaxSlots")]
    [InlineData("LeaseTimeout")]
    [InlineData("MaintenanceDatabase")]
    [InlineData("Server")]
    public void A_list_for_a_single_value_is_a_mistake(string key)
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", $$"""{ "{{key}}": [ "1", "2" ] }""");

        var refusal = repository.Refusal();

        Assert.Equal("SI1001", refusal.Code);
        Assert.Contains($"\"{key}\" in ", refusal.Reason, StringComparison.Ordinal);
        Assert.Contains("is \"a list\"; legal is ", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blank_entry_of_a_list_is_a_mistake()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", """{ "Seeds": [ "/a", " " ] }""");

        var refusal = repository.Refusal();

        Assert.StartsWith("One option is wrong. \"Seeds\" in ", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        using var repository = new Repository();
        var json = repository.Write("App.Tests/schemaisolation.json", """{ "MaxSlots": 0, "Seed": "x" }""");
        var dotEnv = repository.Write("App.Tests/.env.test", "SCHEMAISOLATION__TemplateCopies=99");

        var refusal = repository.Refusal("<Configuration><LeaseTimeout>30</LeaseTimeout></Configuration>");

        Assert.Equal("SI1001", refusal.Code);
        Assert.Equal(
            "4 options are wrong. "
            + $"\"Seed\" in {json} is not an option; did you mean \"Seeds\"? "
            + $"\"TemplateCopies\" in {dotEnv} is \"99\"; legal is a count, 1 to 64. "
            + $"\"MaxSlots\" in {json} is \"0\"; legal is a count, 1 to 1000. "
            + "\"LeaseTimeout\" in the runsettings or --collect is \"30\"; legal is a time span, 00:00:01 to 01:00:00.",
            refusal.Reason);
    }

    [Fact]
    public void A_wrong_value_that_a_later_source_replaces_does_not_matter()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", """{ "MaxSlots": 0 }""");

        var options = repository.Read("<Configuration><MaxSlots>2</MaxSlots></Configuration>");

        Assert.Equal(2, options.MaxSlots);
    }

    [Fact]
    public void An_unknown_key_in_xml_is_named_with_the_nearest()
    {
        using var repository = new Repository();

        var refusal = repository.Refusal("<Configuration><MaxSlot>2</MaxSlot></Configuration>");

        Assert.Equal("One option is wrong. \"MaxSlot\" in the runsettings or --collect is not an option; did you mean \"MaxSlots\"?", refusal.Reason);
    }

    [Fact]
    public void An_unknown_key_with_children_is_a_mistake()
    {
        using var repository = new Repository();
        var file = repository.Write("App.Tests/schemaisolation.json", """{ "Servers": { "Host": "x" } }""");

        var refusal = repository.Refusal();

        Assert.Equal($"One option is wrong. \"Servers\" in {file} is not an option; did you mean \"Server\"?", refusal.Reason);
    }

    [Fact]
    public void The_element_that_vstest_adds_is_a_mistake_elsewhere()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", """{ "Framework": "net10.0" }""");

        var refusal = repository.Refusal();

        Assert.Contains("\"Framework\" in ", refusal.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"MaxSlots\": ")]
    [InlineData("[ 1 ]")]
    [InlineData("")]
    [InlineData("{ \"MaxSlots\": 1, \"maxslots\": 2 }")]
    public void Json_that_cannot_be_read_is_refused(string text)
    {
        using var repository = new Repository();
        var file = repository.Write("App.Tests/schemaisolation.json", text);

        var refusal = repository.Refusal();

        Assert.Equal("SI1002", refusal.Code);
        Assert.StartsWith($"The configuration in \"{file}\" cannot be read. Correct it, or remove it to use the defaults: ", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_environment_file_that_cannot_be_read_is_refused()
    {
        using var repository = new Repository();
        var file = repository.Write("App.Tests/.env.test", "A=1\nnonsense\n");

        var refusal = repository.Refusal();

        Assert.Equal("SI1002", refusal.Code);
        Assert.Equal($"The configuration in \"{file}\" cannot be read. Correct it, or remove it to use the defaults: line 2 is not of the form KEY=value.", refusal.Reason);
    }

    [Fact]
    public void Xml_that_cannot_be_read_is_refused()
    {
        using var repository = new Repository();

        var refusal = repository.Refusal("<Configuration><MaxSlots></Configuration>");

        Assert.Equal("SI1002", refusal.Code);
        Assert.StartsWith("The configuration in \"the runsettings or --collect\" cannot be read.", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_referenced_projects_with_migrations_are_a_mistake()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/App.Tests.csproj", """<Project><ProjectReference Include="../A/A.csproj" /><ProjectReference Include="../B/B.csproj" /></Project>""");
        repository.Write("A/migrations/1.sql", "");
        repository.Write("B/migrations/1.sql", "");

        var refusal = repository.Refusal();

        Assert.Equal("SI1001", refusal.Code);
        Assert.Equal(
            "One option is wrong. \"Migrations\" is not set, and several referenced projects have migrations: "
            + $"\"{repository.PathOf("A/migrations")}\", \"{repository.PathOf("B/migrations")}\". Name those that apply, in their order.",
            refusal.Reason);
    }

    [Theory]
    [InlineData("ServerDirectory", """[ "/a", "/b" ]""")]
    [InlineData("ServerBinaries", """[ "/a", "/b" ]""")]
    public void A_list_for_a_single_directory_is_a_mistake(string key, string value)
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", $$"""{ "{{key}}": {{value}} }""");

        var refusal = repository.Refusal();

        Assert.Contains($"\"{key}\" in ", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_with_a_nul_character_is_a_mistake()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", """{ "Seeds": "a\u0000b" }""");

        var refusal = repository.Refusal();

        Assert.Equal("SI1001", refusal.Code);
    }

    [Fact]
    public void A_project_directory_that_is_missing_is_refused_with_a_code()
    {
        var refusal = Assert.Throws<SchemaIsolationException>(() => OptionsReader.Read("/nowhere/at/all", null));

        Assert.Equal("SI1002", refusal.Code);
    }

    [Theory]
    [InlineData("""{ "SharedDatabase": "app", "Isolation": "Database" }""", "\"SharedDatabase\" has schemas for slots, and \"Isolation\" is \"Database\".")]
    [InlineData("""{ "SharedDatabase": "app", "KeepFailed": 1 }""", "\"KeepFailed\" keeps databases, and with \"SharedDatabase\" slots are schemas of one that is not ours.")]
    [InlineData("""{ "Reuse": "Never", "KeepFailed": 1 }""", "with \"Reuse\" \"Never\" schemas share one. Set \"Reuse\" to \"Fenced\"")]
    [InlineData("""{ "Reuse": "Warm", "KeepFailed": 1 }""", "with \"Reuse\" \"Warm\" released ones are still connected to. Set \"Reuse\" to \"Fenced\"")]
    [InlineData("""{ "SharedDatabase": "app", "Inject": { "Variable": { "Name": "DB", "Format": "Database" } } }""", "\"Inject\" says the name of the database, where \"SharedDatabase\" needs more of a connection.")]
    [InlineData("""{ "TestRole": "app", "Inject": { "Variable": { "Name": "DB", "Format": "Database" } } }""", "\"Inject\" says the name of the database, where \"TestRole\" needs more of a connection.")]
    public void Options_that_contradict_each_other_are_a_mistake(string json, string mistake)
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", json);

        var refusal = repository.Refusal();

        Assert.Equal("SI1001", refusal.Code);
        Assert.Contains(mistake, refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_name_of_a_database_beside_the_options_of_its_connections_is_none()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", """{ "SharedDatabase": "app", "Inject": { "Libpq": true } }""");

        Assert.Equal("app", repository.Read().SharedDatabase);
    }
}
