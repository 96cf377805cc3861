using System.Globalization;
using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Resets;

/// <summary>Whatever tests do, a reset clone cannot be told from one that nobody has used, or it is not used again.</summary>
/// <remarks>
/// On a server of their own: with each database that is dropped, all connections to the server forget which page of a table they last wrote to,
/// so that what others do there decides where the next rows lie.
/// </remarks>
public sealed class ResetPropertyTests(TestServer server, ITestOutputHelper output) : IClassFixture<TestServer>
{
    /// <summary>Set to the seed that a former run has written, the same work is drawn again.</summary>
    private const string SeedVariable = "RESET_SEED";

    /// <summary>Set to a number, that many cases are run.</summary>
    private const string CasesVariable = "RESET_CASES";

    private const int MostFailures = 3;

    // What each leaves in a clone that nobody has used is remembered, as a clone for each case would take most of the time.
    private const int MostLaterWorks = 12;

    private const string Deferred = "deferrable initially deferred";

    [Fact]
    public Task Random_work_is_undone_or_named() => RunAsync(server.Postgres, cases: 40, cycle: null, hasLarge: true, "plain");

    [Fact]
    public Task Random_work_beside_cycles_of_foreign_keys_is_undone_or_named() => RunAsync(server.Postgres, cases: 20, cycle: "", hasLarge: false, "cycle");

    [Fact]
    public Task Random_work_of_a_role_that_is_no_superuser_is_undone_or_named() => RunAsOwnerAsync("resets_few", cases: 40, cycle: null);

    [Fact]
    [Trait("Run", "All")]
    public Task Random_work_of_1000_tests_is_undone_or_named() => RunAsync(server.Postgres, cases: 1000, cycle: Deferred, hasLarge: true, "all");

    [Fact]
    [Trait("Run", "All")]
    public Task Random_work_of_1000_tests_of_a_role_that_is_no_superuser_is_undone_or_named() => RunAsOwnerAsync("resets_many", cases: 1000, cycle: null);

    [Fact]
    [Trait("Run", "All")]
    public Task Random_work_of_500_tests_of_a_role_that_is_no_superuser_beside_deferred_cycles_is_undone_or_named() => RunAsOwnerAsync("resets_deferred", cases: 500, Deferred);

    [Fact]
    [Trait("Run", "All")]
    public Task Random_work_of_500_tests_of_a_role_that_is_no_superuser_beside_cycles_is_undone_or_named() => RunAsOwnerAsync("resets_cycles", cases: 500, cycle: "");

    private async Task RunAsOwnerAsync(string role, int cases, string? cycle)
    {
        await Psql.RunAsync(server.Address, "postgres", $"create role {role} login createdb");
        await using var postgres = await PostgresServer.ConnectAsync(ServerAddress.ForSocket(server.Address.Host, role), "postgres", CancellationToken.None);
        await RunAsync(postgres, cases, cycle, hasLarge: false, role);
    }

    private async Task RunAsync(PostgresServer postgres, int cases, string? cycle, bool hasLarge, string name)
    {
        var seed = Read(SeedVariable) ?? Random.Shared.Next();
        output.WriteLine($"{SeedVariable}={seed}");
        await using var series = await ResetSeries.StartAsync(postgres, RichSchema.Migrations(cycle, hasLarge), later => Draw(later).Rows());
        var retired = new Dictionary<string, int>(StringComparer.Ordinal);
        var failures = new List<string>();
        for (var n = 1; n <= (Read(CasesVariable) ?? cases) && failures.Count < MostFailures; n++)
        {
            var work = Draw(n).Session(definesChance: 0.2);
            var (reason, differences) = await series.RunAsync(work, later: -1 - (n % Math.Clamp(cases / 10, 1, MostLaterWorks)));
            var told = $"Case {n} of {SeedVariable}={seed} ({name}), after:\n{string.Join('\n', work.Select(piece => $"{piece.Connection}: {string.Join("; ", piece.Statements)}"))}\n";
            if (reason is null && differences.Count > 0)
                failures.Add($"{told}{string.Join('\n', differences)}");
            else if (reason is not null && differences.Count == 0)
                output.WriteLine($"Retired though equal, as {reason}. {told}");
            if (reason is not null)
                retired[reason] = retired.GetValueOrDefault(reason) + 1;
        }

        output.WriteLine($"{retired.Values.Sum()} retired:\n{string.Join('\n', retired.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Value} {pair.Key}"))}");
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));

        // A seed of its own: what a case draws does not hang on how many statements those before it had.
        RandomWork Draw(int n) => new(new Random(unchecked((seed * 100_003) + n)), cycle is not null, hasLarge);
    }

    private static int? Read(string variable)
        => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : null;
}
