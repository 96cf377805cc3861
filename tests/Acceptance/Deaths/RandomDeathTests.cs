using System.Diagnostics;
using System.Globalization;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance.Deaths;

/// <summary>Whenever a run is killed, it leaves nothing.</summary>
public abstract class RandomDeathTests(TestServer server, BuiltSuites suites, ITestOutputHelper output)
{
    public sealed class InOwnDatabases(TestServer server, BuiltSuites suites, ITestOutputHelper output)
        : RandomDeathTests(server, suites, output), IClassFixture<TestServer>;

    [Trait("Run", "All")]
    public sealed class InASharedDatabase(SharedServer server, BuiltSuites suites, ITestOutputHelper output)
        : RandomDeathTests(server, suites, output), IClassFixture<SharedServer>;

    /// <summary>Set to the seed that a former run has written, the same moments are drawn again.</summary>
    private const string SeedVariable = "RANDOM_DEATH_SEED";

    // Schemas and databases, migrated and empty.
    private const string Healthy = "Writes_into|DisplayName~Creates";

    [Fact]
    public Task A_run_killed_at_one_of_10_random_moments_leaves_nothing() => KillAtRandomAsync(10);

    [Fact]
    [Trait("Run", "All")]
    public Task A_run_killed_at_one_of_100_random_moments_leaves_nothing() => KillAtRandomAsync(100);

    private async Task KillAtRandomAsync(int rounds)
    {
        var seed = Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } given
            ? int.Parse(given, CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        var random = new Random(seed);
        var whole = await MeasureAsync();
        for (var round = 1; round <= rounds; round++)
        {
            var delay = whole * random.NextDouble();
            var place = $"Round {round}, killed after {delay.TotalSeconds:0.000} of {whole.TotalSeconds:0.000} s; {SeedVariable}={seed}";
            output.WriteLine(place);
            await KillAfterAsync(delay, round, place);
        }
    }

    private async Task KillAfterAsync(TimeSpan delay, int round, string place)
    {
        // A template of its own, so that its building is killed too.
        var suite = suites.Copy("Probe", server);
        suite.Write("migrations/0002_random.sql", $"create table round_{round} (id int);");
        await using var run = ProbeRun.Start(suite, server, Healthy);
        await Task.Delay(delay);
        run.KillGroup();
        try
        {
            await run.Remains.MustVanishAsync("SIGKILL of the group at a random moment");
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException(place, exception);
        }
    }

    private async Task<TimeSpan> MeasureAsync()
    {
        var suite = suites.Copy("Probe", server);
        var start = Stopwatch.GetTimestamp();
        await using var run = ProbeRun.Start(suite, server, Healthy);
        await run.EndAsync();
        return Stopwatch.GetElapsedTime(start);
    }
}
