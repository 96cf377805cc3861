using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>A suite without a word of ours in its code has a database of its run where it looks for one.</summary>
public sealed class InjectTests(TestServer server, BuiltSuites suites) : IClassFixture<TestServer>
{
    private const string Newest = "net10.0";

    [Fact]
    public async Task What_a_runsettings_file_names_is_found_by_the_tests_and_gone_after_them()
    {
        var suite = suites.Copy("Injected", server);
        suite.Write("ci.runsettings", RunTests.RunSettings("""<Inject><ConnectionString Name="Default"/><Variable Name="DATABASE_URL" Format="Url"/><Libpq/></Inject>"""));

        var result = await suite.TestAsync("--settings", "ci.runsettings", "-f", Newest, "--filter", "DisplayName~Reads|DisplayName~Finds");

        result.MustSucceed();
        Assert.Contains("Passed:     2", result.Output, StringComparison.Ordinal);
        var report = suite.ReadReport();
        var session = report.GetProperty("session").GetString()!;
        Assert.Equal($"si_d_{session}_1", report.GetProperty("injected").GetProperty("database").GetString());
        Assert.Equal(0, report.GetProperty("counts").GetProperty("leases").GetInt32());
        Assert.Equal(1, report.GetProperty("counts").GetProperty("dropped").GetInt32());
        Assert.Empty(await suite.ListOnServerAsync(session));
    }

    [Fact]
    public async Task Two_target_frameworks_that_run_at_once_do_not_meet()
    {
        var suite = Copy();
        var meeting = Meet(suite);

        var result = await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Meets");

        result.MustSucceed();
        Assert.Equal(2, Directory.GetFiles(meeting).Length);
    }

    [Fact]
    public async Task Two_projects_of_a_solution_that_run_at_once_do_not_meet()
    {
        var one = Copy();
        var other = Copy();
        var meeting = Meet(one);
        one.Write(
            "both.slnx",
            $"""
            <Solution>
              <Folder Name="/one/"><Project Path="Injected.csproj"/></Folder>
              <Folder Name="/other/"><Project Path="{other.Directory}/Injected.csproj"/></Folder>
            </Solution>
            """);

        var result = await Dotnet.RunAsync(
            one.Directory, ["test", "both.slnx", "--no-build", "-nologo", "-f", Newest, "--collect:SchemaIsolation", "--filter", "DisplayName~Meets"], one.Environment);

        result.MustSucceed();
        Assert.Equal(2, Directory.GetFiles(meeting).Length);
        Assert.NotEqual(one.ReadReport().GetProperty("session").GetString(), other.ReadReport().GetProperty("session").GetString());
    }

    [Fact]
    public async Task A_test_process_that_is_killed_leaves_nothing()
    {
        var suite = Copy();
        await using var run = ProbeRun.Start(suite, server, "Holds_a_transaction", arguments: ["-f", Newest]);
        await run.WaitUntilLeasedAsync();

        ProcessTree.Kill(run.Processes.TestHost);

        await run.Remains.MustVanishAsync("SIGKILL of a test host without a lease");
        Assert.Equal(1, (await run.EndAsync()).ExitCode);
    }

    [Theory]
    [InlineData("migrations/0002_broken.sql", "select nope;", "SI1206")]
    [InlineData("schemaisolation.json", """{ "Inject": { "ConnectionString": "Default" }, "MaxSlots": 0 }""", "SI1001")]
    public async Task A_run_without_its_database_is_red_and_reaches_no_other(string file, string content, string code)
    {
        await using var developers = await server.CreateDatabaseAsync();
        await Psql.RunAsync(developers.ConnectionString, "create table widgets (name text)", "insert into widgets values ('hers'), ('his')");
        var suite = Copy();
        suite.Environment["INJECTED_FALLBACK"] = developers.ConnectionString;
        suite.Write(file, content);

        var result = await suite.TestAsync("--collect:SchemaIsolation", "-f", Newest, "--filter", "DisplayName~Reads");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"Data collector 'SchemaIsolation' message: {code}: ", result.Output, StringComparison.Ordinal);
        Assert.Contains($"SchemaIsolation-{code}-the-database-of-this-run-could-not-be-made", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Passed!", result.Output, StringComparison.Ordinal);
    }

    // Not with "--diag": VSTest writes into that log what a collector sets.
    [Fact]
    public async Task A_run_writes_its_password_nowhere()
    {
        var suite = Copy();
        var password = $"s3cr3t-{Guid.NewGuid():N}";
        suite.Environment["SCHEMAISOLATION__Server"] = $"Host={server.Address.Host};Username={server.Address.Username};Password={password}";

        var result = await suite.TestAsync("--collect:SchemaIsolation", "-f", Newest, "--logger", "trx", "--filter", "DisplayName~Reads");

        result.MustSucceed();
        Assert.DoesNotContain(password, result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Directory.EnumerateFiles(suite.Directory, "*", SearchOption.AllDirectories), path => File.ReadAllText(path).Contains(password, StringComparison.Ordinal));
    }

    private SuiteRun Copy()
    {
        var suite = suites.Copy("Injected", server);
        suite.Write("schemaisolation.json", """{ "Inject": { "ConnectionString": "Default" } }""");
        return suite;
    }

    /// <summary>A directory in which the runs wait for each other.</summary>
    private static string Meet(SuiteRun suite)
        => suite.Environment["INJECTED_MEETING"] = Directory.CreateDirectory(Path.Combine(suite.Directory, "meeting")).FullName;
}
