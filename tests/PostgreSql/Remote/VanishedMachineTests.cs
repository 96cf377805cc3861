using System.Diagnostics;
using Npgsql;
using SchemaIsolation.Keeper;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.PostgreSql.Sessions;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

/// <summary>A machine that goes without a word: nothing of it says so to the server, not even its kernel.</summary>
[Trait("Version", "Any")]
public sealed class VanishedMachineTests(ITestOutputHelper output)
{
    private const string FromRunner = $"select count(*) from pg_stat_activity where client_addr = '{Network.RunnerHost}'";

    [Fact]
    [Trait("Run", "All")]
    public async Task What_it_left_is_swept_when_the_server_has_noticed_within_40_seconds()
    {
        await Network.SkipUnlessPermittedAsync();
        await using var network = await Network.CreateAsync();
        await using var server = new NetworkServer(network);
        await server.InitializeAsync();
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        project.Configure(server: null, ("Server", server.KeywordsOf("postgres")), ("Reuse", "Fenced"));
        await using var keeper = await KeeperProcess.StartAsync(project.Path, Directory.CreateDirectory(Path.Combine(project.Path, "tmp")).FullName, network.OnRunner);
        await using var lease = await keeper.LeaseAsync();
        await using var idle = await network.OpenOnRunnerAsync(lease.ConnectionString);
        await using var inTransaction = await network.OpenOnRunnerAsync(lease.ConnectionString);
        await Psql.RunAsync(inTransaction, "begin", "insert into t values (1)");

        await CutUntilNoticedAsync(network, server);

        Assert.Equal("1", await CountAsync(server, keeper));
        await keeper.KillAsync();
        await using (var next = RunningSession.Start(project.Configure(server.Superuser)))
            await (await next.LeaseAsync()).DisposeAsync();
        Assert.Equal("0", await CountAsync(server, keeper));
    }

    [Fact]
    [Trait("Run", "All")]
    public async Task One_that_comes_back_goes_on_although_its_slots_were_swept()
    {
        await Network.SkipUnlessPermittedAsync();
        await using var network = await Network.CreateAsync();
        await using var server = new NetworkServer(network);
        await server.InitializeAsync();
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        project.Configure(server: null, ("Server", server.KeywordsOf("postgres")), ("Reuse", "Fenced"));
        await using var keeper = await KeeperProcess.StartAsync(project.Path, Directory.CreateDirectory(Path.Combine(project.Path, "tmp")).FullName, network.OnRunner);
        await (await keeper.LeaseAsync()).DisposeAsync();
        await CutUntilNoticedAsync(network, server);
        await using (var other = RunningSession.Start(project.Configure(server.Superuser)))
            await (await other.LeaseAsync()).DisposeAsync();
        Assert.Equal("0", await CountAsync(server, keeper));

        await network.MendAsync();
        var mended = Stopwatch.GetTimestamp();

        // What it had sent in vain is sent again at growing intervals.
        Assert.True(await Poll.UntilAsync(() => IsUsableAsync(network, keeper), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(90), CancellationToken.None));
        output.WriteLine($"A lease was had {Stopwatch.GetElapsedTime(mended).TotalSeconds:0.0} s after the cable was mended.");
        Assert.DoesNotContain("<error", await keeper.EndAsync(), StringComparison.Ordinal);
        Assert.Equal("0", await CountAsync(server, keeper));
    }

    private async Task CutUntilNoticedAsync(Network network, NetworkServer server)
    {
        var connected = await Psql.RunAsync(server.Superuser, "postgres", FromRunner);
        await network.CutAsync();
        var cut = Stopwatch.GetTimestamp();
        var isNoticed = await Poll.UntilAsync(
            async () => await Psql.RunAsync(server.Superuser, "postgres", FromRunner) == "0", TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(40), CancellationToken.None);
        output.WriteLine($"{connected} connections were gone after {Stopwatch.GetElapsedTime(cut).TotalSeconds:0.0} s.");
        Assert.True(isNoticed);
    }

    private static async Task<bool> IsUsableAsync(Network network, KeeperProcess keeper)
    {
        try
        {
            await using var lease = await keeper.LeaseAsync();
            await using var connection = await network.OpenOnRunnerAsync(lease.ConnectionString);
            return await Psql.RunAsync(connection, "insert into t values (1)", "select count(*) from t") == "1";
        }
        catch (Exception exception) when (exception is SchemaIsolationException or NpgsqlException)
        {
            return false; // Not yet: it still takes for its own what is gone.
        }
    }

    private static Task<string> CountAsync(NetworkServer server, KeeperProcess keeper)
        => Psql.RunAsync(server.Superuser, "postgres", $"select count(*) from pg_database where datname like 'si\\_d\\_{keeper.Id}\\_%'");
}
