using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>Where a session cannot start, every lease fails at once with the reason, and the run is red.</summary>
public sealed class RefusalTests(TestServer server, BuiltSuites suites)
{
    [Fact]
    public async Task An_unknown_key_is_refused_with_the_nearest_legal_one()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("schemaisolation.json", """{ "Sever": "localhost", "MaxSlots": 0 }""");

        var result = await RunOneAsync(suite);

        AssertRefused(result, "SI1001", "\"Sever\"", "did you mean \"Server\"", "\"MaxSlots\"", "1 to 1000");
    }

    [Fact]
    public async Task A_malformed_options_file_is_refused_by_name()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("schemaisolation.json", """{ "Server": """);

        var result = await RunOneAsync(suite);

        AssertRefused(result, "SI1002", "schemaisolation.json");
    }

    [Fact]
    public async Task A_malformed_runsettings_file_stops_the_run()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("ci.runsettings", RunTests.RunSettings("<Server>"));

        var result = await suite.TestAsync("--settings", "ci.runsettings", "--filter", "DisplayName~Reads");

        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("Passed!", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_server_is_refused_without_its_password()
    {
        var suite = suites.Copy("Probe", server);
        suite.Environment["SCHEMAISOLATION__Server"] = "postgres://tester:s3cr3t-word@127.0.0.1:1";

        var result = await RunOneAsync(suite);

        AssertRefused(result, "SI1101", "127.0.0.1:1");
        Assert.DoesNotContain("s3cr3t-word", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_statement_in_the_seventh_file_is_refused_with_its_place()
    {
        var suite = suites.Copy("Probe", server);
        for (var number = 2; number <= 6; number++)
            suite.Write($"migrations/000{number}_fine.sql", $"create table fine_{number} (id int);");
        suite.Write("migrations/0007_broken.sql", "create table good (id int);\n\nselect * from\n  nowhere;\n");

        var result = await RunOneAsync(suite);

        AssertRefused(result, "SI1206", "0007_broken.sql", "line 4", "42P01");
    }

    [Fact]
    public async Task A_missing_migrations_folder_is_refused()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("schemaisolation.json", """{ "Migrations": "nowhere" }""");

        var result = await RunOneAsync(suite);

        AssertRefused(result, "SI1201", "nowhere");
    }

    [Fact]
    public async Task Two_migrations_of_one_version_are_refused_by_name()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("migrations/0001_again.sql", "select 1;");

        var result = await RunOneAsync(suite);

        AssertRefused(result, "SI1203", "0001_again.sql", "0001_widgets.sql");
    }

    [Fact]
    public async Task A_run_without_the_collector_says_how_to_get_one()
    {
        var suite = suites.Copy("Probe", server);

        var result = await suite.TestAsync("--filter", "DisplayName~Reads");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("SI2001", result.Output, StringComparison.Ordinal);
        Assert.Contains("dotnet test --collect:SchemaIsolation", result.Output, StringComparison.Ordinal);
    }

    private static Task<CommandResult> RunOneAsync(SuiteRun suite) => suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Reads");

    private static void AssertRefused(CommandResult result, params string[] expected)
    {
        Assert.Equal(1, result.ExitCode);
        var collector = result.Output.IndexOf("Data collector 'SchemaIsolation' message: ", StringComparison.Ordinal);
        var test = result.Output.IndexOf("SchemaIsolation.SchemaIsolationException : ", StringComparison.Ordinal);
        Assert.True(collector >= 0, result.Output);
        Assert.True(test >= 0, result.Output);
        foreach (var text in expected)
        {
            Assert.Contains(text, result.Output[collector..], StringComparison.Ordinal);
            Assert.Contains(text, result.Output[test..], StringComparison.Ordinal);
        }
    }
}
