using SchemaIsolation.Keeper.Servers;

namespace SchemaIsolation.Tests.Unit.Configuration;

public sealed class OptionsReaderTests
{
    [Fact]
    public void Without_any_configuration_everything_has_its_default()
    {
        using var repository = new Repository();

        var options = repository.Read();

        Assert.Equal(repository.Project, options.ProjectDirectory);
        Assert.Null(options.Server);
        Assert.Equal("postgres", options.MaintenanceDatabase);
        Assert.Null(options.ServerBinaries);
        Assert.Equal(EmbeddedServerDirectory.Default, options.ServerDirectory);
        Assert.Empty(options.DefaultTemplate.Migrations);
        Assert.Empty(options.DefaultTemplate.Seeds);
        Assert.Equal(TimeSpan.FromMinutes(5), options.MigrationTimeout);
        Assert.Equal(8, options.TemplateCopies);
        Assert.Equal(TimeSpan.FromDays(7), options.TemplateTtl);
        Assert.Equal(32, options.MaxTemplates);
        Assert.Equal(64, options.MaxSlots);
        Assert.Equal(TimeSpan.FromMinutes(1), options.LeaseTimeout);
        Assert.Equal(0, options.KeepFailed);
        Assert.Equal(TimeSpan.FromDays(1), options.KeepFailedFor);
    }

    [Fact]
    public void Every_option_can_be_set()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", """
            {
              "Server": "Host=db.example;Port=6000;Username=tester;Password=secret",
              "MaintenanceDatabase": "admin",
              "ServerVersion": "16",
              "ServerBinaries": "/opt/pg/bin",
              "ServerDirectory": "/var/pg",
              "KeepServer": "12:00:00",
              "Migrations": [ "/sql/a", "/sql/b" ],
              "Seeds": [ "/seeds/one.sql", "/seeds/more" ],
              "MigrationTimeout": "01:00:00",
              "TemplateCopies": 64,
              "TemplateTtl": "365.00:00:00",
              "MaxTemplates": 10000,
              "MaxSlots": 1000,
              "LeaseTimeout": "00:00:01"
            }
            """);

        var options = repository.Read();

        Assert.Equal("db.example:6000", options.Server!.ToString());
        Assert.Equal("tester", options.Server.Username);
        Assert.Equal("admin", options.MaintenanceDatabase);
        Assert.Equal(16, options.ServerVersion);
        Assert.Equal("/opt/pg/bin", options.ServerBinaries);
        Assert.Equal("/var/pg", options.ServerDirectory);
        Assert.Equal(TimeSpan.FromHours(12), options.KeepServer);
        Assert.Equal(["/sql/a", "/sql/b"], options.DefaultTemplate.Migrations);
        Assert.Equal(["/seeds/one.sql", "/seeds/more"], options.DefaultTemplate.Seeds);
        Assert.Equal(TimeSpan.FromHours(1), options.MigrationTimeout);
        Assert.Equal(64, options.TemplateCopies);
        Assert.Equal(TimeSpan.FromDays(365), options.TemplateTtl);
        Assert.Equal(10000, options.MaxTemplates);
        Assert.Equal(1000, options.MaxSlots);
        Assert.Equal(TimeSpan.FromSeconds(1), options.LeaseTimeout);
    }

    [Fact]
    public void Keys_are_read_in_any_case()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", """{ "maxslots": 3 }""");

        var options = repository.Read("<Configuration><LEASETIMEOUT>00:00:05</LEASETIMEOUT></Configuration>");

        Assert.Equal(3, options.MaxSlots);
        Assert.Equal(TimeSpan.FromSeconds(5), options.LeaseTimeout);
    }

    [Fact]
    public void The_environment_file_wins_over_json()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", """{ "MaxSlots": 1, "TemplateCopies": 1 }""");
        repository.Write("App.Tests/.env.test", "SCHEMAISOLATION__MaxSlots=2");

        var options = repository.Read();

        Assert.Equal(2, options.MaxSlots);
        Assert.Equal(1, options.TemplateCopies);
    }

    [Fact]
    public void Xml_wins_over_the_environment_file()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/.env.test", "SCHEMAISOLATION__MaxSlots=2\nSCHEMAISOLATION__TemplateCopies=2");

        var options = repository.Read("<Configuration><MaxSlots>4</MaxSlots></Configuration>");

        Assert.Equal(4, options.MaxSlots);
        Assert.Equal(2, options.TemplateCopies);
    }

    [Fact]
    public void The_nearest_json_upwards_is_the_only_one_read()
    {
        using var repository = new Repository();
        repository.Write("schemaisolation.json", """{ "MaxSlots": 1, "TemplateCopies": 1 }""");
        repository.Write("App.Tests/schemaisolation.json", """{ "MaxSlots": 2 }""");

        var options = repository.Read();

        Assert.Equal(2, options.MaxSlots);
        Assert.Equal(8, options.TemplateCopies);
    }

    [Fact]
    public void A_json_above_the_project_is_found()
    {
        using var repository = new Repository();
        repository.Write("schemaisolation.json", """{ "MaxSlots": 7 }""");

        var options = repository.Read();

        Assert.Equal(7, options.MaxSlots);
    }

    [Fact]
    public void A_json_above_the_repository_is_not_read()
    {
        using var repository = new Repository();
        repository.Write("schemaisolation.json", """{ "MaxSlots": 7 }""");
        repository.Write("App.Tests/.git", "gitdir: elsewhere");

        var options = repository.Read();

        Assert.Equal(64, options.MaxSlots);
    }

    [Fact]
    public void An_environment_file_is_read_beside_the_json()
    {
        using var repository = new Repository();
        repository.Write("schemaisolation.json", "{}");
        repository.Write(".env.test", "SCHEMAISOLATION__MaxSlots=9");

        var options = repository.Read();

        Assert.Equal(9, options.MaxSlots);
    }

    [Fact]
    public void Other_variables_of_an_environment_file_are_not_ours()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/.env.test", "MaxSlots=1\nSCHEMAISOLATION_SESSION=x\nschemaisolation__maxslots=3");

        var options = repository.Read();

        Assert.Equal(3, options.MaxSlots);
    }

    [Fact]
    public void A_path_in_json_starts_from_the_files_directory()
    {
        using var repository = new Repository();
        repository.Write("schemaisolation.json", """{ "Migrations": "App/sql", "ServerDirectory": "pg/../data", "ServerBinaries": "bin" }""");

        var options = repository.Read();

        Assert.Equal([repository.PathOf("App/sql")], options.DefaultTemplate.Migrations);
        Assert.Equal(repository.PathOf("data"), options.ServerDirectory);
        Assert.Equal(repository.PathOf("bin"), options.ServerBinaries);
    }

    [Fact]
    public void A_path_in_an_environment_file_starts_from_the_files_directory()
    {
        using var repository = new Repository();
        repository.Write("schemaisolation.json", "{}");
        repository.Write(".env.test", "SCHEMAISOLATION__Seeds=seeds/a.sql");

        var options = repository.Read();

        Assert.Equal([repository.PathOf("seeds/a.sql")], options.DefaultTemplate.Seeds);
    }

    [Fact]
    public void A_path_in_xml_starts_from_the_project()
    {
        using var repository = new Repository();
        repository.Write("schemaisolation.json", "{}");

        var options = repository.Read("<Configuration><Migrations>../App/sql</Migrations></Configuration>");

        Assert.Equal([repository.PathOf("App/sql")], options.DefaultTemplate.Migrations);
    }

    [Fact]
    public void A_text_with_semicolons_is_a_list()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", """{ "Migrations": "/a; /b ;" }""");

        var options = repository.Read();

        Assert.Equal(["/a", "/b"], options.DefaultTemplate.Migrations);
    }

    [Fact]
    public void Repeated_elements_are_a_list()
    {
        using var repository = new Repository();

        var options = repository.Read("<Configuration><Migrations>/b</Migrations><MaxSlots>2</MaxSlots><Migrations>/a</Migrations></Configuration>");

        Assert.Equal(["/b", "/a"], options.DefaultTemplate.Migrations);
    }

    [Fact]
    public void Numbered_variables_are_a_list()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/.env.test", "SCHEMAISOLATION__Seeds__1=/b\nSCHEMAISOLATION__Seeds__0=/a");

        var options = repository.Read();

        Assert.Equal(["/a", "/b"], options.DefaultTemplate.Seeds);
    }

    [Fact]
    public void A_list_of_more_than_ten_keeps_its_order()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", """{ "Seeds": [ "/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8", "/9", "/10" ] }""");

        var options = repository.Read();

        Assert.Equal(["/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8", "/9", "/10"], options.DefaultTemplate.Seeds);
    }

    [Fact]
    public void A_later_list_replaces_an_earlier_one_as_a_whole()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/schemaisolation.json", """{ "Migrations": [ "/a", "/b", "/c" ] }""");

        var options = repository.Read("<Configuration><Migrations>/d</Migrations></Configuration>");

        Assert.Equal(["/d"], options.DefaultTemplate.Migrations);
    }

    [Fact]
    public void Migrations_that_nobody_configured_are_looked_for()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/migrations/1.sql", "");

        var options = repository.Read();

        Assert.Equal([repository.PathOf("App.Tests/migrations")], options.DefaultTemplate.Migrations);
    }

    [Fact]
    public void Configured_migrations_win_over_those_that_would_be_found()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/migrations/1.sql", "");

        var options = repository.Read("<Configuration><Migrations>/sql</Migrations></Configuration>");

        Assert.Equal(["/sql"], options.DefaultTemplate.Migrations);
    }

    [Fact]
    public void The_element_that_vstest_adds_is_not_a_mistake()
    {
        using var repository = new Repository();

        var options = repository.Read("<Configuration><Framework>net10.0</Framework><MaxSlots>2</MaxSlots></Configuration>");

        Assert.Equal(2, options.MaxSlots);
    }

    [Fact]
    public void White_space_around_an_elements_value_does_not_count()
    {
        using var repository = new Repository();

        var options = repository.Read("<Configuration>\n  <MaxSlots>\n    2\n  </MaxSlots>\n</Configuration>");

        Assert.Equal(2, options.MaxSlots);
    }

    [Fact]
    public void A_name_of_63_bytes_is_legal()
    {
        using var repository = new Repository();

        var options = repository.Read("<Configuration><MaintenanceDatabase>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaüb</MaintenanceDatabase></Configuration>");

        Assert.EndsWith("aüb", options.MaintenanceDatabase, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_of_two_lines_for_a_key_counts_as_in_a_shell()
    {
        using var repository = new Repository();
        repository.Write("App.Tests/.env.test", "SCHEMAISOLATION__MaxSlots=2\nSCHEMAISOLATION__MaxSlots=3");

        var options = repository.Read();

        Assert.Equal(3, options.MaxSlots);
    }

    [Fact]
    public void Folders_below_an_element_are_a_list()
    {
        using var repository = new Repository();

        var options = repository.Read("<Configuration><Migrations><Folder>/a</Folder><Folder>/b</Folder></Migrations></Configuration>");

        Assert.Equal(["/a", "/b"], options.DefaultTemplate.Migrations);
    }
}
