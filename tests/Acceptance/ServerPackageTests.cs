using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>Projects that bring their PostgreSQL as a package, on a machine where none is installed.</summary>
public sealed class ServerPackageTests(TestServer server, BuiltSuites suites)
{
    [Fact]
    public async Task A_project_needs_no_other_PostgreSQL()
    {
        var suite = new PackagedSuite(suites.Copy("Packaged", server));

        (await suite.TestAsync()).MustSucceed();

        var report = suite.ReadReport();
        Assert.StartsWith(BuiltSuites.ServerVersion, report.GetProperty("server").GetProperty("version").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            $"started from the package SchemaIsolation.PostgreSql.linux-x64 {BuiltSuites.ServerVersion}.0, which the project references",
            report.GetProperty("log").ToString(),
            StringComparison.Ordinal);
        Assert.Equal(0, report.GetProperty("counts").GetProperty("left").GetInt32());
        Assert.StartsWith("18-package: stopped, ", (await suite.ServerAsync(suites, "status")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_run_finds_the_server_that_is_kept()
    {
        var suite = new PackagedSuite(suites.Copy("Packaged", server));
        suite.Keep("00:30:00");

        (await suite.TestAsync()).MustSucceed();
        (await suite.TestAsync()).MustSucceed();

        Assert.Contains("kept until", (await suite.ServerAsync(suites, "status")).Output, StringComparison.Ordinal);
        Assert.Single(suite.ReadStartTimes().Distinct(StringComparer.Ordinal));
        Assert.Equal("18-package: stopped\n", (await suite.ServerAsync(suites, "stop")).MustSucceed().Output);
        Assert.StartsWith("18-package: deleted, ", (await suite.ServerAsync(suites, "wipe", "--force")).MustSucceed().Output, StringComparison.Ordinal);
        await suite.WaitForKeepersAsync();
        Assert.Equal(["gate.lock", "kept.lock", "use.lock"], suite.ListServerFiles());
    }

    [Fact]
    public async Task A_command_keeps_the_server_as_a_run_does()
    {
        var suite = new PackagedSuite(suites.Copy("Packaged", server));
        suite.Keep("00:30:00");

        (await suite.ToolAsync(suites, "status")).MustSucceed();

        Assert.Contains("kept until", (await suite.ServerAsync(suites, "status")).Output, StringComparison.Ordinal);
        Assert.Equal("18-package: stopped\n", (await suite.ServerAsync(suites, "stop")).MustSucceed().Output);
        await suite.WaitForKeepersAsync();
    }

    [Fact]
    public async Task A_command_in_a_directory_without_a_project_starts_no_server()
    {
        var suite = new PackagedSuite(suites.Copy("Packaged", server));
        suite.RemoveProject();

        var status = await suite.ToolAsync(suites, "status");

        Assert.Equal(1, status.ExitCode);
        Assert.StartsWith("SI4011: ", status.Output, StringComparison.Ordinal);
        Assert.StartsWith("There is no embedded server", (await suite.ServerAsync(suites, "status")).Output, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Run", "All")]
    public async Task Ten_projects_of_a_solution_start_one_server()
    {
        var suite = new PackagedSuite(suites.Copy("Packaged", server));
        await suite.MultiplyAsync(10);

        (await suite.TestAsync("-maxcpucount:10")).MustSucceed();

        var started = suite.ReadStartTimes();
        Assert.Equal(10, started.Count);
        Assert.Single(started.Distinct(StringComparer.Ordinal));
        Assert.StartsWith("18-package: stopped, ", (await suite.ServerAsync(suites, "status")).Output, StringComparison.Ordinal);
    }
}
