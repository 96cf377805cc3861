using SchemaIsolation.Keeper.Servers;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Servers;

[Trait("Version", "Any")]
public sealed class EmbeddedServerTests
{
    [Fact]
    public async Task The_first_start_makes_the_data_and_a_server_without_durability()
    {
        using var root = await ServerRoot.CreateAsync();

        await using var server = await root.StartAsync();

        Assert.Equal(
            "postgres|off|off|off|UTF8|C",
            await Psql.RunAsync(
                server.Address,
                "postgres",
                "select current_user::text, current_setting('fsync'), current_setting('synchronous_commit'), current_setting('autovacuum'), current_setting('server_encoding'), (select datcollate::text from pg_database where datname = 'template0')"));
    }

    [Fact]
    public async Task The_server_listens_on_a_socket_alone_that_only_its_user_may_enter()
    {
        using var root = await ServerRoot.CreateAsync();

        await using var server = await root.StartAsync();

        Assert.Equal(root.Cluster, server.Address.Host);
        Assert.Equal("|0700", await Psql.RunAsync(server.Address, "postgres", "select current_setting('listen_addresses'), current_setting('unix_socket_permissions')"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(root.Cluster).UnixFileMode);
    }

    [Fact]
    public async Task A_second_user_of_the_same_root_shares_the_process()
    {
        using var root = await ServerRoot.CreateAsync();
        await using var first = await root.StartAsync();
        var process = root.ReadProcessId();

        await using var second = await root.StartAsync();

        Assert.Equal(process, root.ReadProcessId());
        Assert.Equal(first.Address.Host, second.Address.Host);
    }

    [Fact]
    public async Task The_first_to_leave_keeps_it_running_for_the_other()
    {
        using var root = await ServerRoot.CreateAsync();
        var first = await root.StartAsync();
        await using var second = await root.StartAsync();

        await first.DisposeAsync();

        Assert.Equal("1", await Psql.RunAsync(second.Address, "postgres", "select 1"));
    }

    [Fact]
    public async Task The_last_to_leave_stops_it()
    {
        using var root = await ServerRoot.CreateAsync();
        var first = await root.StartAsync();
        var second = await root.StartAsync();
        await first.DisposeAsync();

        await second.DisposeAsync();

        Assert.False(File.Exists(root.ProcessFile));
    }

    [Fact]
    public async Task A_second_dispose_does_nothing()
    {
        using var root = await ServerRoot.CreateAsync();
        var first = await root.StartAsync();
        await using var second = await root.StartAsync();
        await first.DisposeAsync();

        await first.DisposeAsync();

        Assert.True(File.Exists(root.ProcessFile));
    }

    [Fact]
    public async Task Starting_again_finds_the_data_of_before()
    {
        using var root = await ServerRoot.CreateAsync();
        var before = await root.StartAsync();
        await Psql.RunAsync(before.Address, "postgres", "create database made_before");
        await before.DisposeAsync();

        await using var server = await root.StartAsync();

        Assert.Equal("made_before", await Psql.RunAsync(server.Address, "made_before", "select current_database()::text"));
    }

    [Fact]
    public async Task It_starts_again_after_its_process_was_killed()
    {
        using var root = await ServerRoot.CreateAsync();
        await using var killed = await root.StartAsync();
        await Psql.RunAsync(killed.Address, "postgres", "create database made_before");
        await root.KillServerAsync();

        await using var server = await root.StartAsync();

        Assert.Equal("made_before", await Psql.RunAsync(server.Address, "made_before", "select current_database()::text"));
    }

    [Fact]
    public async Task Leaving_a_server_that_was_killed_does_nothing()
    {
        using var root = await ServerRoot.CreateAsync();
        var server = await root.StartAsync();
        await root.KillServerAsync();

        await server.DisposeAsync();

        Assert.True(File.Exists(root.ProcessFile));
    }

    [Fact]
    public async Task Ten_starts_at_once_start_one_server()
    {
        using var root = await ServerRoot.CreateAsync();

        var servers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => root.StartAsync()));

        var stillRunning = await Task.WhenAll(servers.Select(server => Psql.RunAsync(server.Address, "postgres", "select pg_postmaster_start_time()::text")));
        Assert.Single(stillRunning.Distinct(StringComparer.Ordinal));
        await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
        Assert.False(File.Exists(root.ProcessFile));
    }

    [Fact]
    public async Task A_root_too_deep_for_a_socket_gets_one_elsewhere_that_goes_with_the_server()
    {
        using var root = await ServerRoot.CreateAsync(below: new string('d', 60) + "/" + new string('e', 60));
        var server = await root.StartAsync();
        var socketDirectory = server.Address.Host;

        var answer = await Psql.RunAsync(server.Address, "postgres", "select 1");

        Assert.Equal("1", answer);
        await server.DisposeAsync();
        Assert.False(Directory.Exists(socketDirectory));
    }

    [Fact]
    public async Task A_killed_server_with_its_socket_elsewhere_is_started_where_its_sessions_look_for_it()
    {
        using var root = await ServerRoot.CreateAsync(below: new string('d', 60) + "/" + new string('e', 60));
        var server = await root.StartAsync();
        var address = server.Address;

        await root.KillServerAsync();
        await server.EnsureRunningAsync(CancellationToken.None);

        Assert.Equal("1", await Psql.RunAsync(address, "postgres", "select 1"));
        await server.DisposeAsync();
        Assert.False(Directory.Exists(address.Host));
    }

    [Fact]
    public async Task Data_that_was_left_half_made_is_made_anew()
    {
        using var root = await ServerRoot.CreateAsync();
        await (await root.StartAsync()).DisposeAsync();
        Directory.Move(Path.Combine(root.Cluster, "data"), Path.Combine(root.Cluster, "data.new"));

        await using var server = await root.StartAsync();

        Assert.Equal("1", await Psql.RunAsync(server.Address, "postgres", "select 1"));
        Assert.False(Directory.Exists(Path.Combine(root.Cluster, "data.new")));
    }

    [Fact]
    public async Task A_root_that_is_a_file_is_refused()
    {
        using var root = await ServerRoot.CreateAsync();
        var file = Path.Combine(root.Path, "file");
        await File.WriteAllTextAsync(file, "");
        var binaries = await ServerBinaries.FindAsync(version: null, CancellationToken.None);

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => EmbeddedServer.StartAsync(binaries, file, TimeProvider.System, CancellationToken.None));

        Assert.Equal("SI1106", exception.Code);
        Assert.StartsWith($"The embedded server's directory \"{file}\" cannot be used. Name another in ServerDirectory: ", exception.Reason, StringComparison.Ordinal);
    }
}
