using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Servers;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>The session goes on, or refuses with a code; its end sweeps.</summary>
[Trait("Version", "Any")]
public sealed class MisbehavingServerTests
{
    private const string GoesOn = "The server had cut the session off; it goes on";
    private const string Table = "create table t (n int)";

    [Fact]
    public async Task A_server_that_restarts_in_mid_run_is_leased_from_again()
    {
        using var root = await ServerRoot.CreateAsync();
        await using var server = await root.StartAsync();
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address));
        await using var before = await session.LeaseAsync();

        await root.ControlAsync("restart", "-m", "immediate");
        await session.WaitForLogAsync(GoesOn);
        await using var after = await session.LeaseAsync();
        await using var database = await session.LeaseAsync(LeaseKind.Database);

        Assert.NotEqual(before.Name, after.Name);
        Assert.Equal("0", await Psql.RunAsync(after.ConnectionString, "select count(*) from t"));
        Assert.Equal("0", await Psql.RunAsync(database.ConnectionString, "select count(*) from t"));
        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Fact]
    public async Task An_embedded_server_that_is_killed_is_started_again()
    {
        using var root = await ServerRoot.CreateAsync();
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server: null, ("ServerDirectory", root.Path)));
        await using var before = await session.LeaseAsync();

        await root.KillServerAsync();
        await session.WaitForLogAsync(GoesOn);
        await using var after = await session.LeaseAsync(LeaseKind.Database);

        Assert.Equal("0", await Psql.RunAsync(after.ConnectionString, "select count(*) from t"));
        var report = await session.EndAsync();
        Assert.Equal(0, report.Counts.Left);
        Assert.False(File.Exists(root.ProcessFile));
    }

    [Fact]
    public async Task A_keeper_whose_connections_are_all_cut_retakes_its_lock_before_a_sweep_can_take_it_for_dead()
    {
        using var root = await ServerRoot.CreateAsync();
        await using var server = await root.StartAsync();
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address));
        await using var lease = await session.LeaseAsync();

        await Psql.RunAsync(
            server.Address,
            "postgres",
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name like 'schema-isolation%' and pid <> pg_backend_pid()");
        await using var other = await PostgresServer.ConnectAsync(server.Address, "postgres", CancellationToken.None);
        var sweep = await LeftoverSweep.RunAsync(other, isDryRun: false, CancellationToken.None);
        await session.WaitForLogAsync(GoesOn);

        Assert.Empty(sweep.Dropped);
        Assert.Equal("0", await Psql.RunAsync(lease.ConnectionString, "select count(*) from t"));
        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Fact]
    public async Task A_server_that_stays_away_refuses_leases_with_a_code_until_it_is_back()
    {
        using var root = await ServerRoot.CreateAsync();
        await using var server = await root.StartAsync();
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address, ("LeaseTimeout", "00:00:01")));
        await (await session.LeaseAsync()).DisposeAsync();

        await root.ControlAsync("stop", "-m", "immediate");
        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(LeaseKind.Database));
        await root.ControlAsync("start");
        await session.WaitForLogAsync(GoesOn);
        await using var lease = await session.LeaseAsync(LeaseKind.Database);

        Assert.Contains(refusal.Code, new[] { "SI1110", "SI1108" });
        Assert.Equal("0", await Psql.RunAsync(lease.ConnectionString, "select count(*) from t"));
        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Fact]
    public async Task A_restart_at_the_end_of_the_session_does_not_keep_it_from_sweeping()
    {
        using var root = await ServerRoot.CreateAsync();
        await using var server = await root.StartAsync();
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address));
        await using var lease = await session.LeaseAsync(LeaseKind.Database);

        await root.ControlAsync("stop", "-m", "immediate");
        var ending = session.EndAsync();
        await root.ControlAsync("start");
        await ending;

        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Fact]
    public async Task A_restart_at_the_end_of_the_session_does_not_keep_it_from_sweeping_what_the_suite_made_itself()
    {
        using var root = await ServerRoot.CreateAsync();
        await using var server = await root.StartAsync();
        await Psql.RunAsync(server.Address, "postgres", "create database app_test");
        using var project = new ProjectDirectory();
        await using var session = RunningSession.Start(project.Configure(server.Address, ("Sweep:Database", "app_test"), ("Sweep:Schemas", "made_*")));
        await session.WaitUntilTestsMayStartAsync();
        await Psql.RunAsync(server.Address, "app_test", "create schema made_1", "create schema kept");
        await Psql.RunAsync(server.Address, "app_test", "checkpoint"); // A server that is not durable forgets its last commits.

        await root.ControlAsync("stop", "-m", "immediate");
        var ending = session.EndAsync();
        await root.ControlAsync("start");
        await ending;

        Assert.Equal("kept", await Psql.RunAsync(server.Address, "app_test", "select nspname::text from pg_namespace where nspname in ('made_1', 'kept')"));
    }

    [Fact]
    public async Task A_read_only_server_refuses_a_new_slot_with_its_reason_and_is_used_again_when_it_is_not()
    {
        using var root = await ServerRoot.CreateAsync();
        await using var server = await root.StartAsync();
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        await using var session = RunningSession.Start(project.Configure(server.Address));
        await (await session.LeaseAsync(LeaseKind.Database)).DisposeAsync();

        await SetReadOnlyAsync(server.Address, "on");
        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync(LeaseKind.Database));
        await SetReadOnlyAsync(server.Address, "off");
        await using var lease = await session.LeaseAsync(LeaseKind.Database);

        Assert.Equal("SI1108", refusal.Code);
        Assert.Contains("25006", refusal.Reason, StringComparison.Ordinal);
        Assert.Equal("0", await Psql.RunAsync(lease.ConnectionString, "select count(*) from t"));
        await session.AssertEndsWithNothingLeftAsync(server.Address);
    }

    [Fact]
    public async Task A_server_without_a_free_connection_refuses_the_session_with_a_code()
    {
        using var root = await ServerRoot.CreateAsync();
        await using var server = await root.StartAsync();
        await Psql.RunAsync(server.Address, "postgres", "create role crowded login createdb connection limit 0");
        using var project = new ProjectDirectory().Migration("1.sql", Table);
        var crowded = ServerAddress.Parse($"Host={server.Address.Host};Username=crowded");
        await using var session = RunningSession.Start(project.Configure(crowded));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI1109", refusal.Code);
    }

    [Fact]
    public async Task A_full_disk_refuses_the_session_and_leaves_nothing_half_built()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Needs root to mount a small file system.");
        await using var disk = await SmallDisk.MountAsync();
        var binaries = await disk.FindBinariesAsync();
        await using var server = await EmbeddedServer.StartAsync(binaries, disk.Path, TimeProvider.System, CancellationToken.None);
        using var project = new ProjectDirectory().Migration("1.sql", "create table t as select repeat('x', 1000) as text from generate_series(1, 200000)");
        await using var session = RunningSession.Start(project.Configure(server.Address));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => session.LeaseAsync());

        Assert.Equal("SI1206", refusal.Code);
        Assert.Contains("53100", refusal.Reason, StringComparison.Ordinal);
        await session.EndAsync();
        Assert.Equal("0", await Psql.RunAsync(server.Address, "postgres", "select count(*) from pg_database where datname like 'si\\_%'"));
    }

    private static async Task SetReadOnlyAsync(ServerAddress server, string value)
    {
        var writable = server.For("postgres");
        writable.Options = "-c default_transaction_read_only=off";
        await Psql.RunAsync(writable.ConnectionString, $"alter role postgres set default_transaction_read_only = {value}");

        // Settings of a role are read when a connection opens: the pool's have to open anew.
        await Psql.RunAsync(
            server.For("postgres").ConnectionString,
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name like 'schema-isolation%' and pid <> pg_backend_pid()");
    }
}
