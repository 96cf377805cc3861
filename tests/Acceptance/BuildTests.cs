using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>What the package adds to builds.</summary>
public sealed class BuildTests(TestServer server, BuiltSuites suites)
{
    private const string Test = "DisplayName~Reads_the_migrated_rows";

    [Fact]
    public async Task A_project_that_enables_it_collects_without_being_asked()
    {
        var suite = suites.Copy("Probe", server);

        var off = await suite.TestAsync("--filter", Test);
        var on = await suite.TestAsync("--filter", Test, "-p:SchemaIsolationEnabled=true");
        var twice = await suite.TestAsync("--filter", Test, "-p:SchemaIsolationEnabled=true", "--collect:SchemaIsolation");

        Assert.Contains("SI2001", off.Output, StringComparison.Ordinal);
        on.MustSucceed();
        twice.MustSucceed();
        Assert.Equal(1, suite.ReadReport().GetProperty("counts").GetProperty("leases").GetInt32());
    }

    [Fact]
    public async Task Published_tests_find_the_collector_and_its_keeper()
    {
        var suite = suites.Copy("Probe", server);
        var published = Path.Combine(suite.Temporary, "published tests");
        (await Dotnet.RunAsync(suite.Directory, ["publish", "--no-build", "-c", "Debug", "-nologo", "-v", "quiet", "-o", published, .. BuiltSuites.Versions], suite.Environment)).MustSucceed();
        var results = Path.Combine(suite.Temporary, "results");

        var run = await Dotnet.RunAsync(
            suite.Directory,
            ["vstest", Path.Combine(published, "Probe.dll"), "--collect:SchemaIsolation", $"--TestCaseFilter:{Test}", $"--ResultsDirectory:{results}"],
            suite.Environment);

        run.MustSucceed();
        Assert.Single(Directory.EnumerateFiles(results, "schema-isolation.json", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task The_verbs_of_the_tool_are_targets_and_a_solution_skips_projects_without_them()
    {
        var suite = suites.Copy("Probe", server);
        var solution = Path.GetDirectoryName(suite.Directory)!;
        await WriteSolutionTargetsAsync(solution);
        (await Dotnet.RunAsync(solution, ["new", "classlib", "-o", "Other", "--no-restore"])).MustSucceed();
        (await Dotnet.RunAsync(solution, ["new", "sln", "--name", "Solution", "--format", "sln"])).MustSucceed();
        (await Dotnet.RunAsync(solution, ["sln", "add", "Probe", "Other"])).MustSucceed();

        var setup = await BuildAsync(suite, solution, "-t:SchemaIsolationSetup");
        var verify = await BuildAsync(suite, suite.Directory, "-t:SchemaIsolationVerify");
        var refused = await BuildAsync(suite, suite.Directory, "-t:SchemaIsolationReset");
        var reset = await BuildAsync(suite, suite.Directory, "-t:SchemaIsolationReset", "-p:SchemaIsolationForce=true");

        Assert.Contains("template \"default\"", setup.MustSucceed().Output, StringComparison.Ordinal);
        Assert.Contains("0 left over", verify.MustSucceed().Output, StringComparison.Ordinal);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("SI4007", refused.Output, StringComparison.Ordinal);
        reset.MustSucceed();
    }

    // As the page has it.
    private static async Task WriteSolutionTargetsAsync(string solution)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(BuiltSuites.RepositoryRoot, "docs", "msbuild.md"));
        var snippet = page.Split("```xml\n").Select(part => part.Split("```")[0]).Single(part => part.Contains("SkipNonexistentTargets", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(solution, "Directory.Solution.targets"), snippet);
    }

    private static Task<CommandResult> BuildAsync(SuiteRun suite, string directory, params string[] arguments)
        => Dotnet.RunAsync(directory, ["build", "-nologo", "-tl:off", .. arguments, .. BuiltSuites.Versions], suite.Environment);
}
