using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance.Deaths;

/// <summary>What a run leaves in a shared database that is killed together with its keeper, the next one removes.</summary>
public sealed class SharedKeeperDeathTests(SharedServer server, BuiltSuites suites) : IClassFixture<SharedServer>
{
    private const string Everything = "SIGKILL of everything, the keeper too";

    [Fact]
    public async Task The_next_session_sweeps_what_a_killed_keeper_left()
    {
        var suite = suites.Copy("Probe", server);
        await using var run = ProbeRun.Start(suite, server);
        var left = await KillWhileLeasedAsync(run);
        await using var next = ProbeRun.Start(suite, server);

        await next.WaitUntilLeasedAsync();

        await run.Remains.MustVanishAsync($"{Everything}; from the next run's first lease", "the next run's start", which: left);
    }

    [Fact]
    public async Task The_sweep_command_shows_and_then_drops_what_a_killed_keeper_left()
    {
        var suite = suites.Copy("Probe", server);
        await using var run = ProbeRun.Start(suite, server);
        var left = await KillWhileLeasedAsync(run);

        var dry = await Dotnet.RunAsync(suite.Directory, ["exec", suites.Keeper, "sweep", "--dry-run"], suite.Environment);
        var kept = await run.Remains.ListAsync();
        var sweep = await Dotnet.RunAsync(suite.Directory, ["exec", suites.Keeper, "sweep"], suite.Environment);

        await run.Remains.MustVanishAsync($"{Everything}; from the command's end", "`sweep`");
        Assert.Contains($"would drop {left[0]}", dry.MustSucceed().Output, StringComparison.Ordinal);
        Assert.Equal(left, kept);
        Assert.Contains($"dropped {left[0]}", sweep.MustSucceed().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_killed_while_its_migrations_run_leaves_nothing()
    {
        var suite = suites.Copy("Probe", server);
        suite.Write("migrations/0002_waits.sql", "select pg_sleep(600) as a_migration_that_takes_long;");
        await using var run = ProbeRun.Start(suite, server);
        await Eventually.TrueAsync(async () => await Psql.RunAsync(server.Address, "postgres", "select 'waits' from pg_stat_activity where wait_event = 'PgSleep'") == "waits");

        run.KillGroup();

        await run.Remains.MustVanishAsync("SIGKILL of the group while migrations run");
    }

    private static async Task<IReadOnlyList<string>> KillWhileLeasedAsync(ProbeRun run)
    {
        await run.WaitUntilLeasedAsync();
        ProcessTree.Kill(run.Processes.All);

        // The server notices a moment later than the kernel.
        await Eventually.TrueAsync(async () => !(await run.Remains.ListOnServerAsync()).Any(left => left.Contains("lock", StringComparison.Ordinal)) && run.Processes.All.Count == 0);
        var left = await run.Remains.ListAsync();
        Assert.StartsWith("si_", left[0], StringComparison.Ordinal);
        return left;
    }
}
