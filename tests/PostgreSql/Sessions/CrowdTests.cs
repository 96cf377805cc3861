using System.Globalization;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Sessions;

/// <summary>Many sessions at once on one server: what the dead leave is swept, what the living hold is not.</summary>
[Trait("Version", "Any")]
public sealed class CrowdTests(TestServer server, ITestOutputHelper output) : IClassFixture<TestServer>
{
    private const int AtOnce = 8;

    /// <summary>Set to the seed that a former run has written, the same fates are drawn again.</summary>
    private const string SeedVariable = "CROWD_SEED";

    private enum Fate
    {
        Ends,
        LosesItsOwner,
        IsKilled,
    }

    [Fact]
    public Task Eight_sessions_at_once_that_live_and_die_10_times_lose_no_lease_and_leave_nothing() => LiveAndDieAsync(10);

    [Fact]
    [Trait("Run", "All")]
    public Task Eight_sessions_at_once_that_live_and_die_200_times_lose_no_lease_and_leave_nothing() => LiveAndDieAsync(200);

    private async Task LiveAndDieAsync(int rounds)
    {
        var seed = Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        output.WriteLine($"{SeedVariable}={seed}");
        using var project = new ProjectDirectory().Migration("1.sql", "create table t (n int)");
        project.Configure(server.Address);
        var temporary = Directory.CreateDirectory(Path.Combine(project.Path, "tmp")).FullName;

        // Not in rounds together: each begins when its former life has ended, so that they meet in every state.
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(place => Task.Run(async () =>
        {
            var random = new Random(seed + place);
            for (var round = 1; round <= rounds; round++)
            {
                try
                {
                    await LiveAsync(random, project.Path, temporary);
                }
                catch (Exception exception)
                {
                    throw new InvalidOperationException($"Place {place}, round {round}, {SeedVariable}={seed}.", exception);
                }
            }
        })));

        await using (var last = await KeeperProcess.StartAsync(project.Path, temporary))
        {
            await (await last.LeaseAsync()).DisposeAsync();
            await last.EndAsync();
        }

        await LeftoverSweep.RunAsync(server.Postgres, isDryRun: false, CancellationToken.None);
        Assert.Equal("", await Psql.RunAsync(server.Address, "postgres", @"select datname::text from pg_database where datname like 'si\_%' and not datistemplate"));
        Assert.Empty(Directory.EnumerateDirectories(temporary, "si-*"));
    }

    private static async Task LiveAsync(Random random, string project, string temporary)
    {
        await using var keeper = await KeeperProcess.StartAsync(project, temporary);
        var fate = (Fate)random.Next(3);
        var held = new List<TestLease>();
        for (var leases = random.Next(3); leases > 0; leases--)
        {
            var lease = await keeper.LeaseAsync(random.Next(4) == 0 ? LeaseKind.Database : LeaseKind.Schema);
            await UseAsync(lease, times: random.Next(1, 10));
            if (fate == Fate.Ends)
                await lease.DisposeAsync();
            else if (random.Next(2) == 0)
                lease.Die();
            else
                held.Add(lease);
        }

        await MeetAsync(keeper, fate);
        held.ForEach(lease => lease.Die());
    }

    private static async Task UseAsync(TestLease lease, int times)
    {
        for (var n = 1; n <= times; n++)
        {
            var count = await Psql.RunAsync(lease.ConnectionString, $"insert into t values ({n})", "select count(*) from t");
            Assert.Equal(n.ToString(CultureInfo.InvariantCulture), count);
        }
    }

    private static async Task MeetAsync(KeeperProcess keeper, Fate fate)
    {
        switch (fate)
        {
            case Fate.Ends:
                Assert.DoesNotContain("<error", await keeper.EndAsync(), StringComparison.Ordinal);
                break;
            case Fate.LosesItsOwner:
                await keeper.LoseOwnerAsync();
                break;
            case Fate.IsKilled:
                await keeper.KillAsync();
                break;
        }
    }
}
