using Npgsql;

namespace OwnSchemas;

/// <summary>A suite that knows nothing of leases: it makes and forgets schemas in a database it names. Run by name from the acceptance tests.</summary>
public sealed class OwnSchemasTests
{
    private static readonly string ConnectionString = Environment.GetEnvironmentVariable("OWN_SCHEMAS_CONNECTION")!;

    [Fact]
    public async Task Makes_a_schema_and_forgets_it()
    {
        await using var db = NpgsqlDataSource.Create(ConnectionString);

        await ExecuteAsync(db, "create schema test_forgotten; create table test_forgotten.t (n int)");
    }

    [Fact]
    public async Task Finds_no_schema_of_a_former_run()
    {
        await using var db = NpgsqlDataSource.Create(ConnectionString);
        await using var command = db.CreateCommand("select count(*) from pg_namespace where nspname like 'test%'");

        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Makes_schemas_until_it_is_killed()
    {
        await using var db = NpgsqlDataSource.Create(ConnectionString);
        for (var i = 1; i <= 20; i++)
            await ExecuteAsync(db, $"create schema test_{i}; create table test_{i}.t (id serial primary key)");
        var signal = Environment.GetEnvironmentVariable("OWN_SCHEMAS_SIGNAL")!;
        await File.WriteAllTextAsync(signal + ".new", "20");
        File.Move(signal + ".new", signal);

        await Task.Delay(Timeout.Infinite);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
