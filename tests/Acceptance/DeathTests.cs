using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>However a run ends, its session leaves nothing.</summary>
public sealed class DeathTests(TestServer server, BuiltSuites suites)
{
    [Fact]
    public async Task A_failing_test_leaves_nothing()
    {
        var suite = suites.Copy("Probe", server);

        var result = await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Fails");

        Assert.Equal(1, result.ExitCode);
        var report = suite.ReadReport();
        Assert.True(report.GetProperty("leases")[0].GetProperty("isReleased").GetBoolean());
        Assert.Equal(0, report.GetProperty("counts").GetProperty("left").GetInt32());
        Assert.Empty(await suite.ListOnServerAsync(report.GetProperty("session").GetString()!));
    }

    [Fact]
    public async Task A_test_process_that_dies_releases_its_lease_and_leaves_nothing()
    {
        var suite = suites.Copy("Probe", server);

        var result = await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Takes_its_process_down");

        Assert.Equal(1, result.ExitCode);
        var report = suite.ReadReport();
        Assert.False(report.GetProperty("leases")[0].GetProperty("isReleased").GetBoolean());
        Assert.Equal(0, report.GetProperty("counts").GetProperty("left").GetInt32());
        Assert.Empty(await suite.ListOnServerAsync(report.GetProperty("session").GetString()!));
    }

    [Theory]
    [InlineData("KILL")]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_run_whose_whole_group_gets_a_signal_leaves_nothing(string signal)
    {
        var suite = suites.Copy("Probe", server);
        var leased = Path.Combine(suite.Directory, "leased");
        suite.Environment["PROBE_SIGNAL"] = leased;

        // setsid: the command leads a group of its own, as it does when a shell starts it.
        using var run = Dotnet.Start(
            "setsid",
            suite.Directory,
            ["dotnet", "test", "--no-build", "-nologo", "--collect:SchemaIsolation", "--filter", "DisplayName~Holds_a_lease_until"],
            suite.Environment);
        var database = await FileSignal.WaitAsync(leased, run);
        (await Dotnet.RunAsync("kill", suite.Directory, ["-s", signal, "--", $"-{run.Id}"])).MustSucceed();

        await DatabaseSignal.WaitUntilGoneAsync(server, database);
        await Dotnet.WaitAsync(run);
    }
}
