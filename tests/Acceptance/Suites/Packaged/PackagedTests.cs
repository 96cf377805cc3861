using Npgsql;
using SchemaIsolation;

/// <summary>Says on which server it ran, and waits for as many others as it is told of.</summary>
public sealed class PackagedTests
{
    private static readonly string Servers = Environment.GetEnvironmentVariable("PACKAGED_SERVERS")!;
    private static readonly int Runs = int.Parse(Environment.GetEnvironmentVariable("PACKAGED_RUNS")!);

    [Fact]
    public async Task Says_on_which_server_it_ran()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await using var db = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var command = db.CreateCommand("select pg_postmaster_start_time()::text from (select count(*) from widgets) as widgets");
        var started = (string)(await command.ExecuteScalarAsync())!;
        await File.WriteAllTextAsync(Path.Combine(Servers, Guid.NewGuid().ToString()), started);

        using var timeLimit = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        while (Directory.GetFiles(Servers).Length < Runs)
            await Task.Delay(20, timeLimit.Token);
    }
}
