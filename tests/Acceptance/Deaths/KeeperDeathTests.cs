using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance.Deaths;

/// <summary>What a run leaves that is killed together with its keeper, the next one removes.</summary>
public sealed class KeeperDeathTests(TestServer server, BuiltSuites suites) : IClassFixture<TestServer>
{
    private const string Everything = "SIGKILL of everything, the keeper too";

    [Fact]
    public async Task The_next_session_sweeps_what_a_killed_keeper_left()
    {
        var suite = suites.Copy("Probe", server);
        await using var run = ProbeRun.Start(suite, server);
        await run.WaitUntilLeasedAsync();
        await KillEverythingAsync(run);
        var left = await run.Remains.ListAsync();
        await using var next = ProbeRun.Start(suite, server);

        await next.WaitUntilLeasedAsync();

        await run.Remains.MustVanishAsync($"{Everything}; from the next run's first lease", "the next run's start", which: left);
        AssertIsDatabaseAndDirectory(left);
    }

    [Fact]
    public async Task The_sweep_command_drops_what_a_killed_keeper_left()
    {
        var suite = suites.Copy("Probe", server);
        await using var run = ProbeRun.Start(suite, server);
        await run.WaitUntilLeasedAsync();
        await KillEverythingAsync(run);
        var left = await run.Remains.ListAsync();

        var sweep = await Dotnet.RunAsync(suite.Directory, ["exec", suites.Keeper, "sweep"], suite.Environment);

        await run.Remains.MustVanishAsync($"{Everything}; from the command's end", "`sweep`");
        AssertIsDatabaseAndDirectory(left);
        Assert.Contains("0 left over on ", sweep.MustSucceed().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_sweep_says_what_a_killed_keeper_left_and_leaves_it()
    {
        var suite = suites.Copy("Probe", server);
        await using var run = ProbeRun.Start(suite, server);
        await run.WaitUntilLeasedAsync();
        await KillEverythingAsync(run);
        var before = await run.Remains.ListAsync();

        var sweep = await Dotnet.RunAsync(suite.Directory, ["exec", suites.Keeper, "sweep", "--dry-run"], suite.Environment);

        Assert.Contains("1 left over on ", sweep.MustSucceed().Output, StringComparison.Ordinal);
        Assert.Equal(before, await run.Remains.ListAsync());
        await Dotnet.RunAsync(suite.Directory, ["exec", suites.Keeper, "sweep"], suite.Environment);
    }

    [Fact]
    public async Task The_next_session_rebuilds_a_template_that_was_half_built_when_everything_was_killed()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("migrations/0002_waits.sql", "select pg_sleep(case when exists (select from pg_roles where rolname = 'go_on') then 0 else 600 end);");
        await using var run = ProbeRun.Start(suite, server);
        await Eventually.TrueAsync(async () => await Psql.RunAsync(server.Address, "postgres", "select 'waits' from pg_stat_activity where wait_event = 'PgSleep'") == "waits");
        await KillEverythingAsync(run);
        var left = await run.Remains.ListAsync();
        await Psql.RunAsync(server.Address, "postgres", "create role go_on");

        (await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Reads")).MustSucceed();

        await run.Remains.MustVanishAsync($"{Everything}, while migrations run; from the next run's end", "the next run");
        Assert.Contains(left, remains => remains.StartsWith("si_t_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_template_whose_statement_still_ran_when_everything_was_killed_goes_with_the_sweep_command()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("migrations/0002_waits.sql", "select pg_sleep(600);");
        await using var run = ProbeRun.Start(suite, server);
        await Eventually.TrueAsync(async () => await Psql.RunAsync(server.Address, "postgres", "select 'waits' from pg_stat_activity where wait_event = 'PgSleep'") == "waits");
        await KillEverythingAsync(run);

        var sweep = await Dotnet.RunAsync(suite.Directory, ["exec", suites.Keeper, "sweep"], suite.Environment);

        await run.Remains.MustVanishAsync($"{Everything}, in a migration's statement; from the command's end", "`sweep`");
        Assert.Contains("0 left over on ", sweep.MustSucceed().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_session_sweeps_what_a_killed_container_left()
    {
        Assert.SkipUnless(await IsNamespacePermittedAsync(), "\"unshare --pid\" is not permitted here.");
        var suite = suites.Copy("Probe", server);
        await using var run = ProbeRun.StartInNamespace(suite, server);
        await run.WaitUntilLeasedAsync();
        run.KillOutermost();
        await run.EndAsync();
        await UntilAloneAsync(run);
        var left = await run.Remains.ListAsync();
        await using var next = ProbeRun.Start(suite, server);

        await next.WaitUntilLeasedAsync();

        await run.Remains.MustVanishAsync("end of the container; from the next run's first lease", "the next run's start", which: left);
        AssertIsDatabaseAndDirectory(left);
    }

    private static void AssertIsDatabaseAndDirectory(IReadOnlyList<string> left)
    {
        Assert.Equal(2, left.Count);
        Assert.StartsWith("si_d_", left[0], StringComparison.Ordinal);
        Assert.StartsWith("si-", Path.GetFileName(left[1]), StringComparison.Ordinal);
    }

    private static async Task KillEverythingAsync(ProbeRun run)
    {
        ProcessTree.Kill(run.Processes.All);
        await UntilAloneAsync(run);
    }

    // The server notices a moment later than the kernel.
    private static Task UntilAloneAsync(ProbeRun run)
        => Eventually.TrueAsync(async () => !(await run.Remains.ListOnServerAsync()).Any(left => left.Contains("lock", StringComparison.Ordinal)) && run.Processes.All.Count == 0);

    private static async Task<bool> IsNamespacePermittedAsync()
        => (await Dotnet.RunAsync("unshare", "/", ["--pid", "--fork", "--kill-child", "--mount-proc", "true"])).ExitCode == 0;
}
