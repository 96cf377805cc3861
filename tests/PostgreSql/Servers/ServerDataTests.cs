using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Servers;

/// <summary>What becomes of an embedded server's data after every kind of end.</summary>
[Trait("Version", "Any")]
public sealed class ServerDataTests
{
    private const string CountMadeBefore = "select count(*) from pg_database where datname = 'made_before'";

    [Fact]
    public async Task A_server_killed_alone_keeps_its_data()
    {
        using var root = await ServerRoot.CreateAsync();
        var killed = await MakeDatabaseAsync(root);
        await root.KillServerAsync();

        await using var server = await root.StartAsync();

        Assert.Null(server.DataLost);
        Assert.Equal("1", await Psql.RunAsync(server.Address, "postgres", CountMadeBefore));
        await killed.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_went_down_with_the_machine_gets_new_data()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Nothing tells one start of the machine from another.");
        using var root = await ServerRoot.CreateAsync();
        var killed = await MakeDatabaseAsync(root);
        await root.KillServerAsync();
        await killed.DisposeAsync();
        await root.PretendAnotherBootAsync();

        await using var server = await root.StartAsync();

        Assert.Equal("the machine went down before all of it was on the disk", server.DataLost);
        Assert.Equal("0", await Psql.RunAsync(server.Address, "postgres", CountMadeBefore));
    }

    [Fact]
    public async Task Data_that_a_session_works_on_is_not_deleted_whatever_the_boot()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Nothing tells one start of the machine from another.");
        using var root = await ServerRoot.CreateAsync();
        await using var elsewhere = await MakeDatabaseAsync(root);
        await root.KillServerAsync();
        await root.PretendAnotherBootAsync();

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(root.StartAsync);

        Assert.Equal("SI1106", refusal.Code);
        Assert.Contains("is used by a session on another machine", refusal.Reason, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(root.Cluster, "data")));
    }

    [Fact]
    public async Task A_machine_that_went_down_right_after_the_end_leaves_data_that_is_not_trusted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Nothing tells one start of the machine from another.");
        using var root = await ServerRoot.CreateAsync();
        await (await MakeDatabaseAsync(root)).DisposeAsync();
        await root.PretendAnotherBootAsync();

        await using var server = await root.StartAsync();

        Assert.NotNull(server.DataLost);
    }

    [Fact]
    public async Task Data_that_has_settled_on_the_disk_outlives_the_machines_end()
    {
        using var root = await ServerRoot.CreateAsync();
        var stopped = await MakeDatabaseAsync(root);
        await stopped.DisposeAsync();

        await stopped.SettleAsync(CancellationToken.None);

        Assert.False(File.Exists(root.Boot));
        await using var server = await root.StartAsync();
        Assert.Null(server.DataLost);
        Assert.Equal("1", await Psql.RunAsync(server.Address, "postgres", CountMadeBefore));
    }

    [Fact]
    public async Task Data_is_not_said_to_have_settled_when_it_is_being_written_again()
    {
        using var root = await ServerRoot.CreateAsync();
        var stopped = await root.StartAsync();
        await stopped.DisposeAsync();
        await using var next = await root.StartAsync();

        await stopped.SettleAsync(CancellationToken.None);

        Assert.True(File.Exists(root.Boot));
    }

    [Fact]
    public async Task Data_that_the_server_does_not_start_on_is_made_anew()
    {
        using var root = await ServerRoot.CreateAsync();
        await (await MakeDatabaseAsync(root)).DisposeAsync();
        await File.AppendAllTextAsync(Path.Combine(root.Cluster, "data", "postgresql.conf"), "\nno_such_setting = 1\n");

        await using var server = await root.StartAsync();

        Assert.Contains("unrecognized configuration parameter \"no_such_setting\"", server.DataLost, StringComparison.Ordinal);
        Assert.Equal("0", await Psql.RunAsync(server.Address, "postgres", CountMadeBefore));
    }

    [Fact]
    public async Task A_server_that_hangs_keeps_its_data()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A process cannot be stopped by a signal.");
        using var root = await ServerRoot.CreateAsync();
        await using var hanging = await MakeDatabaseAsync(root);
        File.Move(Path.Combine(root.Cluster, ".s.PGSQL.5432"), Path.Combine(root.Cluster, "away"));

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(root.StartAsync);

        Assert.Equal("SI1106", refusal.Code);
        File.Move(Path.Combine(root.Cluster, "away"), Path.Combine(root.Cluster, ".s.PGSQL.5432"));
        Assert.Equal("1", await Psql.RunAsync(hanging.Address, "postgres", CountMadeBefore));
    }

    private static async Task<EmbeddedServer> MakeDatabaseAsync(ServerRoot root)
    {
        var server = await root.StartAsync();
        await Psql.RunAsync(server.Address, "postgres", "create database made_before");
        return server;
    }
}
