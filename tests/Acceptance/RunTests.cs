using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>What a user sees when all is well.</summary>
public sealed class RunTests(TestServer server, BuiltSuites suites)
{
    private const string Healthy = "DisplayName~Reads|DisplayName~Writes_into|DisplayName~Creates";

    [Fact]
    public async Task A_project_without_any_options_passes_and_leaves_nothing()
    {
        var suite = suites.Copy("Probe", server);

        var result = await suite.TestAsync("--collect:SchemaIsolation", "--filter", Healthy);

        result.MustSucceed();
        Assert.Contains("Passed:     5", result.Output, StringComparison.Ordinal);
        var counts = suite.ReadReport().GetProperty("counts");
        Assert.Equal(5, counts.GetProperty("leases").GetInt32());
        Assert.Equal(0, counts.GetProperty("left").GetInt32());
        Assert.Equal(counts.GetProperty("made").GetInt32(), counts.GetProperty("dropped").GetInt32());
        Assert.Empty(await suite.ListOnServerAsync(suite.ReadReport().GetProperty("session").GetString()!));
    }

    [Fact]
    public async Task A_run_attaches_a_page_and_adds_to_the_summary_of_its_job()
    {
        var suite = suites.Copy("Probe", server);
        suite.Environment["GITHUB_STEP_SUMMARY"] = Path.Combine(suite.Directory, "summary.md");

        (await suite.TestAsync("--collect:SchemaIsolation", "--filter", Healthy)).MustSucceed();
        (await suite.TestAsync("--collect:SchemaIsolation", "--filter", Healthy)).MustSucceed();

        Assert.Single(suite.ReadReport().GetProperty("earlierRuns").EnumerateArray());
        var pages = Directory.EnumerateFiles(Path.Combine(suite.Directory, "TestResults"), "schema-isolation.html", SearchOption.AllDirectories).ToList();
        Assert.Equal(2, pages.Count);
        Assert.All(pages, page => Assert.Contains("Nothing left over", File.ReadAllText(page), StringComparison.Ordinal));
        Assert.Equal(2, File.ReadLines(Path.Combine(suite.Directory, "summary.md")).Count(line => line == "### ✅ SchemaIsolation: Probe"));
    }

    [Fact]
    public async Task A_project_with_an_options_file_passes()
    {
        var suite = suites.Copy("Probe", server);
        Directory.Move(Path.Combine(suite.Directory, "migrations"), Path.Combine(suite.Directory, "elsewhere"));
        suite.Write("schemaisolation.json", """{ "Migrations": ["elsewhere"], "Reuse": "Never", "TemplateCopies": 2 }""");

        var result = await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Reads");

        result.MustSucceed();
        Assert.Equal(2, suite.ReadReport().GetProperty("counts").GetProperty("made").GetInt32());
    }

    [Fact]
    public async Task A_runsettings_file_enables_the_collector_and_wins_over_the_options_file()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("schemaisolation.json", """{ "Reuse": "Never", "TemplateCopies": 2 }""");
        suite.Write("ci.runsettings", RunSettings("<TemplateCopies>3</TemplateCopies>"));

        var result = await suite.TestAsync("--settings", "ci.runsettings", "--filter", "DisplayName~Reads");

        result.MustSucceed();
        Assert.Equal(3, suite.ReadReport().GetProperty("counts").GetProperty("made").GetInt32());
    }

    [Fact]
    public async Task The_command_line_wins_over_everything()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("schemaisolation.json", """{ "Reuse": "Never", "TemplateCopies": 2 }""");
        suite.Write(".env.test", "SCHEMAISOLATION__TemplateCopies=4");
        suite.Write("ci.runsettings", RunSettings("<TemplateCopies>3</TemplateCopies>"));
        suite.Environment["SCHEMAISOLATION__TemplateCopies"] = "5";

        var result = await suite.TestAsync("--settings", "ci.runsettings", "--collect:SchemaIsolation;TemplateCopies=6", "--filter", "DisplayName~Reads");

        result.MustSucceed();
        Assert.Equal(6, suite.ReadReport().GetProperty("counts").GetProperty("made").GetInt32());
    }

    [Fact]
    public async Task A_second_run_reuses_the_template_and_a_changed_migration_builds_another()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("migrations/0002_only_here.sql", "create table reused (id int);");

        (await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Reads")).MustSucceed();
        var first = suite.ReadReport().GetProperty("templates")[0];
        (await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Reads")).MustSucceed();
        var second = suite.ReadReport();
        suite.Write("migrations/0002_only_here.sql", "create table changed (id int);");
        (await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Reads")).MustSucceed();
        var third = suite.ReadReport().GetProperty("templates")[0];

        Assert.False(first.GetProperty("isReused").GetBoolean());
        Assert.True(second.GetProperty("templates")[0].GetProperty("isReused").GetBoolean());
        Assert.Contains("Reused schema template", second.GetProperty("log").ToString(), StringComparison.Ordinal);
        Assert.False(third.GetProperty("isReused").GetBoolean());
        Assert.NotEqual(first.GetProperty("name").GetString(), third.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Two_projects_that_run_at_once_build_one_template_and_do_not_meet()
    {
        var one = suites.Copy("Probe", server);
        var other = suites.Copy("Probe", server);
        one.Write("migrations/0002_both.sql", "create table both_have_it (id int);");
        other.Write("migrations/0002_both.sql", "create table both_have_it (id int);");

        var results = await Task.WhenAll(
            one.TestAsync("--collect:SchemaIsolation", "--filter", Healthy),
            other.TestAsync("--collect:SchemaIsolation", "--filter", Healthy));

        Assert.All(results, result => result.MustSucceed());
        var builds = new[] { one, other }.Count(suite => !suite.ReadReport().GetProperty("templates")[0].GetProperty("isReused").GetBoolean());
        Assert.Equal(1, builds);
        Assert.NotEqual(one.ReadReport().GetProperty("session").GetString(), other.ReadReport().GetProperty("session").GetString());
    }

    [Fact]
    public async Task A_project_directory_with_an_odd_name_is_like_any_other()
    {
        var suite = suites.Copy("Probe", server, "Ünïcode & 'quotes' <tests>, 100 %");

        var result = await suite.TestAsync("--collect:SchemaIsolation", "--filter", Healthy);

        result.MustSucceed();
        Assert.Equal(0, suite.ReadReport().GetProperty("counts").GetProperty("left").GetInt32());
    }

    [Fact]
    public async Task Migrations_that_name_public_lease_databases_unless_schemas_are_asked_for()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("migrations/0002_public.sql", "create table public.gadgets (id int);");

        var databases = await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Writes_into_a_database");
        var either = await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Reads");
        var chosen = suite.ReadReport().GetProperty("isolation")[0].GetProperty("chosen").GetString();
        suite.Environment["SCHEMAISOLATION__Isolation"] = "Schema";
        var schemas = await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Reads");

        databases.MustSucceed();
        either.MustSucceed();
        Assert.Equal("Database", chosen);
        Assert.Equal(1, schemas.ExitCode);
        Assert.Contains("SI1207", schemas.Output, StringComparison.Ordinal);
        Assert.Contains("0002_public.sql", schemas.Output, StringComparison.Ordinal);
        Assert.Contains("IsolatedDatabase", schemas.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_directory_of_a_lease_is_gone_after_the_run()
    {
        var suite = suites.Copy("Probe", server);
        var signal = Path.Combine(suite.Directory, "signal");
        suite.Environment["PROBE_SIGNAL"] = signal;

        (await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Writes_a_file")).MustSucceed();

        Assert.False(Directory.Exists(await File.ReadAllTextAsync(signal)));
    }

    [Fact]
    public async Task Variables_that_are_about_another_server_do_not_reach_the_embedded_one()
    {
        var suite = suites.Copy("Probe", server);
        var root = ReachableDirectory.Create();
        suite.Environment["SCHEMAISOLATION__ServerDirectory"] = root;
        suite.Environment["PGPORT"] = "6000";
        suite.Environment["PGDATA"] = "/nowhere";
        suite.Environment["PGUSER"] = "nobody";

        var result = await suite.TestAsync("--collect:SchemaIsolation", "--filter", Healthy);

        result.MustSucceed();
        Assert.Empty(Directory.EnumerateFiles(root, "postmaster.pid", SearchOption.AllDirectories));
        await Keepers.UntilGoneAsync(root);
        Directory.Delete(root, recursive: true);
    }

    internal static string RunSettings(string configuration) =>
        $"""
        <RunSettings>
          <DataCollectionRunSettings>
            <DataCollectors>
              <DataCollector friendlyName="SchemaIsolation">
                <Configuration>{configuration}</Configuration>
              </DataCollector>
            </DataCollectors>
          </DataCollectionRunSettings>
        </RunSettings>
        """;
}
