using System.Globalization;
using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Servers;

/// <summary>An embedded server that runs on for the next run, and is seen and ended by hand.</summary>
[Trait("Version", "Any")]
public sealed class KeptServerTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task The_next_to_come_finds_it_running()
    {
        using var root = await ServerRoot.CreateAsync();
        var first = await root.StartAsync();
        var process = root.ReadProcessId();
        await first.LeaveAsync(keep: Long);

        await using var next = await root.StartAsync();

        Assert.Equal(process, root.ReadProcessId());
        Assert.True(await EndAsync(root, next));
    }

    [Fact]
    public async Task Whoever_kept_it_stops_it_when_the_time_is_over()
    {
        using var root = await ServerRoot.CreateAsync();
        var server = await root.StartAsync();
        await server.LeaveAsync(keep: Short);

        await server.SettleAsync(CancellationToken.None);

        Assert.False(File.Exists(root.ProcessFile));
        Assert.False(File.Exists(root.Boot));
    }

    [Fact]
    public async Task Whoever_kept_it_stops_it_when_told_to_end_sooner()
    {
        using var root = await ServerRoot.CreateAsync();
        var server = await root.StartAsync();
        await server.LeaveAsync(keep: Long);

        await server.SettleAsync(new CancellationToken(canceled: true));

        Assert.False(File.Exists(root.ProcessFile));
    }

    [Fact]
    public async Task It_is_left_to_those_who_use_it_when_the_time_is_over()
    {
        using var root = await ServerRoot.CreateAsync();
        var server = await root.StartAsync();
        await server.LeaveAsync(keep: Short);
        await using var user = await root.StartAsync();

        await server.SettleAsync(CancellationToken.None);

        Assert.Equal("1", await Psql.RunAsync(user.Address, "postgres", "select 1"));
    }

    [Fact]
    public async Task Who_leaves_later_and_keeps_it_longer_sees_to_its_end()
    {
        using var root = await ServerRoot.CreateAsync();
        var server = await root.StartAsync();
        await server.LeaveAsync(keep: Short);
        var later = await root.StartAsync();
        await later.LeaveAsync(keep: Long);

        await server.SettleAsync(CancellationToken.None);

        Assert.True(File.Exists(root.ProcessFile));
        await later.SettleAsync(new CancellationToken(canceled: true));
        Assert.False(File.Exists(root.ProcessFile));
    }

    [Fact]
    public async Task Who_leaves_stops_it_when_whoever_kept_it_was_killed()
    {
        using var root = await ServerRoot.CreateAsync();
        await using (var used = await root.StartAsync())
        {
            // Said by a keeper that is not there any more.
            await File.WriteAllTextAsync(Path.Combine(root.Path, root.Name, "kept-until"), TimeProvider.System.GetUtcNow().AddHours(1).ToString("O", CultureInfo.InvariantCulture));
        }

        Assert.False(File.Exists(root.ProcessFile));
    }

    [Fact]
    public async Task Who_leaves_without_keeping_it_leaves_it_to_whoever_does()
    {
        using var root = await ServerRoot.CreateAsync();
        var keeping = await root.StartAsync();
        await keeping.LeaveAsync(keep: Long);
        var passing = await root.StartAsync();

        await passing.DisposeAsync();
        await passing.SettleAsync(CancellationToken.None);

        Assert.True(File.Exists(root.ProcessFile));
        await keeping.SettleAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task It_is_shown_with_its_process_and_until_when_it_is_kept()
    {
        using var root = await ServerRoot.CreateAsync();
        var server = await root.StartAsync();
        await server.LeaveAsync(keep: Long);

        var shown = Assert.Single(await EmbeddedServerState.ListAsync(root.Path, CancellationToken.None));

        Assert.Equal(root.ReadProcessId(), shown.ProcessId);
        Assert.False(shown.IsUsed);
        Assert.InRange(shown.KeptUntil!.Value - shown.Since!.Value, Long - TimeSpan.FromMinutes(1), Long + TimeSpan.FromMinutes(10));
        Assert.InRange(shown.Bytes, 10_000_000, 1_000_000_000);
        await server.SettleAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task A_stop_ends_it_and_leaves_its_data()
    {
        using var root = await ServerRoot.CreateAsync();
        var server = await root.StartAsync();
        await server.LeaveAsync(keep: Long);

        var isStopped = await TryEndAsync(root, isWiped: false);

        Assert.True(isStopped);
        Assert.False(File.Exists(root.ProcessFile));
        Assert.True(Directory.Exists(Path.Combine(root.Cluster, "data")));
        Assert.Null(Assert.Single(await EmbeddedServerState.ListAsync(root.Path, CancellationToken.None)).ProcessId);
    }

    [Fact]
    public async Task A_wipe_deletes_its_data_and_the_next_to_come_makes_it_anew()
    {
        using var root = await ServerRoot.CreateAsync();
        await (await root.StartAsync()).DisposeAsync();

        var isWiped = await TryEndAsync(root, isWiped: true);

        Assert.True(isWiped);
        Assert.False(Directory.Exists(root.Cluster));
        await using var next = await root.StartAsync();
        Assert.Equal("1", await Psql.RunAsync(next.Address, "postgres", "select 1"));
    }

    [Fact]
    public async Task Neither_ends_one_that_a_session_works_on()
    {
        using var root = await ServerRoot.CreateAsync();
        await using var server = await root.StartAsync();

        var isWiped = await TryEndAsync(root, isWiped: true);

        Assert.False(isWiped);
        Assert.Equal("1", await Psql.RunAsync(server.Address, "postgres", "select 1"));
        Assert.True(Assert.Single(await EmbeddedServerState.ListAsync(root.Path, CancellationToken.None)).IsUsed);
    }

    private static async Task<bool> EndAsync(ServerRoot root, EmbeddedServer server)
    {
        await server.DisposeAsync();
        return await TryEndAsync(root, isWiped: false);
    }

    private static Task<bool> TryEndAsync(ServerRoot root, bool isWiped)
        => EmbeddedServerState.TryEndAsync(root.Path, root.Name, isWiped, CancellationToken.None);
}
