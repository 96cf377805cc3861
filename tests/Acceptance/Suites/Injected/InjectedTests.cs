using Npgsql;

namespace Injected;

/// <summary>A suite that knows nothing of leases: its database is where its variables say. Run by name from the acceptance tests.</summary>
public sealed class InjectedTests
{
    // What an application's settings name, where a variable does not say otherwise.
    private static readonly string ConnectionString =
        Environment.GetEnvironmentVariable("ConnectionStrings__Default") ?? Environment.GetEnvironmentVariable("INJECTED_FALLBACK")!;

    [Fact]
    public async Task Reads_the_migrated_rows()
    {
        await using var db = NpgsqlDataSource.Create(ConnectionString);

        Assert.Equal(2L, await ScalarAsync(db, "select count(*) from widgets"));
    }

    [Fact]
    public async Task Finds_one_database_in_all_variables()
    {
        await using var db = NpgsqlDataSource.Create(ConnectionString);
        var database = (string)(await ScalarAsync(db, "select current_database()::text"))!;

        Assert.Equal(database, Environment.GetEnvironmentVariable("PGDATABASE"));
        Assert.Equal(new NpgsqlConnectionStringBuilder(ConnectionString).Host, Environment.GetEnvironmentVariable("PGHOST"));
        Assert.Contains($"/{database}?host=", Environment.GetEnvironmentVariable("DATABASE_URL"), StringComparison.Ordinal);
    }

    /// <summary>Writes what only one run can write into a database, and waits until another has done so too.</summary>
    [Fact]
    public async Task Meets_nobody_who_runs_at_the_same_time()
    {
        await using var db = NpgsqlDataSource.Create(ConnectionString);
        var meeting = Environment.GetEnvironmentVariable("INJECTED_MEETING")!;
        var database = (string)(await ScalarAsync(db, "select current_database()::text"))!;
        await ScalarAsync(db, "insert into widgets (name) values ('third')");

        await File.WriteAllTextAsync(Path.Combine(meeting, database), string.Empty);
        while (Directory.GetFiles(meeting).Length < 2)
            await Task.Delay(20);

        Assert.Equal(3L, await ScalarAsync(db, "select count(*) from widgets"));
    }

    [Fact]
    public async Task Holds_a_transaction_until_it_is_let_go()
    {
        await using var db = NpgsqlDataSource.Create(ConnectionString);
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var use = new NpgsqlCommand("insert into widgets (name) values ('never committed')", connection);
        await use.ExecuteNonQueryAsync();
        var signal = Environment.GetEnvironmentVariable("PROBE_SIGNAL")!;
        await File.WriteAllTextAsync(signal + ".new", string.Empty);
        File.Move(signal + ".new", signal);

        while (!File.Exists(signal + ".go"))
            await Task.Delay(20);
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
