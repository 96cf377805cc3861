using System.Diagnostics;
using Npgsql;
using SchemaIsolation.Bench.Servers;
using SchemaIsolation.Bench.Suites;

namespace SchemaIsolation.Bench.Arms;

/// <summary>A database for each test, cloned from a migrated one with the quicker strategy, and dropped.</summary>
internal sealed class CloneArm : IArm
{
    public const string ArmName = "clone per test";

    private const string Template = "bench_template";
    private const int Trials = 5;

    // A server before 15 has one way only.
    private static readonly Version FirstWithStrategy = new(15, 0);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(1);

    private readonly BenchServer server;
    private readonly string maintenance;
    private string strategy = string.Empty;
    private int lastDatabase;

    private CloneArm(BenchServer server)
    {
        this.server = server;
        maintenance = server.ConnectionString("postgres");
    }

    public string Name => ArmName;

    public static async Task<CloneArm> StartAsync(BenchServer server, Suite suite, CancellationToken cancellationToken)
    {
        await server.ExecuteAsync("postgres", $"create database {Template} template template0", cancellationToken);
        await server.ExecuteAsync(Template, await suite.ReadMigrationsAsync(cancellationToken), cancellationToken);
        var arm = new CloneArm(server);
        await arm.ChooseStrategyAsync(cancellationToken);
        return arm;
    }

    public Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<ITestState> BeginAsync(int test, CancellationToken cancellationToken)
    {
        var database = await CloneAsync(strategy, cancellationToken);
        return new OwnState(server.ConnectionString(database), async () => await DropAsync(database));
    }

    public async ValueTask DisposeAsync() => await server.ExecuteAsync("postgres", $"drop database {Template} with (force)", CancellationToken.None);

    private async Task ChooseStrategyAsync(CancellationToken cancellationToken)
    {
        if (server.Version < FirstWithStrategy)
            return;

        var fastest = TimeSpan.MaxValue;
        foreach (var candidate in (string[])["strategy = file_copy", "strategy = wal_log"])
        {
            var times = new List<TimeSpan>();
            for (var trial = 0; trial < Trials; trial++)
            {
                var start = Stopwatch.GetTimestamp();
                await DropAsync(await CloneAsync(candidate, cancellationToken));
                times.Add(Stopwatch.GetElapsedTime(start));
            }

            var median = times.Order().ElementAt(Trials / 2);
            if (median >= fastest)
                continue;
            fastest = median;
            strategy = candidate;
        }
    }

    private async Task<string> CloneAsync(string how, CancellationToken cancellationToken)
    {
        var database = $"bench_test_{Interlocked.Increment(ref lastDatabase)}";
        await using var connection = new NpgsqlConnection(maintenance);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"create database {database} template {Template} {how}", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return database;
    }

    // A drop that meets a connection which is just being closed waits for a tenth of a second: looking until it is gone is quicker.
    private async Task DropAsync(string database)
    {
        await using var connection = new NpgsqlConnection(maintenance);
        await connection.OpenAsync();
        await using var look = new NpgsqlCommand("select count(*) from pg_stat_activity where datname = $1", connection);
        look.Parameters.Add(new NpgsqlParameter { Value = database });
        while ((long)(await look.ExecuteScalarAsync())! > 0)
            await Task.Delay(PollInterval);
        await using var drop = new NpgsqlCommand($"drop database {database}", connection);
        await drop.ExecuteNonQueryAsync();
    }
}
