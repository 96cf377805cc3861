using Npgsql;
using SchemaIsolation;

namespace Probe;

/// <summary>Run one at a time, by name, from the acceptance tests.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task Reads_the_migrated_rows()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await using var db = NpgsqlDataSource.Create(schema.ConnectionString);

        Assert.Equal(2L, await ScalarAsync(db, "select count(*) from widgets"));
    }

    [Fact]
    public async Task Writes_into_a_schema_of_its_own()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await using var db = NpgsqlDataSource.Create(schema.ConnectionString);

        Assert.Equal(3L, await ScalarAsync(db, "insert into widgets (name) values ('third') returning id::bigint"));
        Assert.Equal(schema.Name, await ScalarAsync(db, "select current_schema()::text"));
    }

    [Fact]
    public async Task Writes_into_a_database_of_its_own()
    {
        await using var database = await IsolatedDatabase.LeaseAsync();
        await using var db = NpgsqlDataSource.Create(database.ConnectionString);

        Assert.Equal(3L, await ScalarAsync(db, "insert into widgets (name) values ('third') returning id::bigint"));
        Assert.Equal(database.Name, await ScalarAsync(db, "select current_database()::text"));
    }

    [Fact]
    public async Task Creates_tables_in_an_empty_schema()
    {
        await using var schema = await IsolatedSchema.LeaseAsync(LeaseOptions.Empty);
        await using var db = NpgsqlDataSource.Create(schema.ConnectionString);

        Assert.Equal(0L, await ScalarAsync(db, "create table mine (id int); select count(*) from mine"));
    }

    [Fact]
    public async Task Creates_the_schema_whose_name_it_leased()
        => await IsolatedSchema.RunAsync(
            async schema =>
            {
                await using var db = NpgsqlDataSource.Create(schema.ConnectionString);
                Assert.Equal(0L, await ScalarAsync(db, $"create schema {schema.Name}; create table mine (id int); select count(*) from {schema.Name}.mine"));
            },
            LeaseOptions.NameOnly);

    [Fact]
    public async Task Fails_while_it_holds_a_lease()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();

        Assert.Fail("on purpose");
    }

    [Fact]
    public async Task Takes_its_process_down_while_it_holds_a_lease()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();

        Environment.FailFast("on purpose");
    }

    [Fact]
    public async Task Holds_a_lease_until_it_is_killed()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        var signal = Environment.GetEnvironmentVariable("PROBE_SIGNAL")!;
        await File.WriteAllTextAsync(signal + ".new", schema.Database);
        File.Move(signal + ".new", signal);

        await Task.Delay(Timeout.Infinite);
    }

    [Fact]
    public async Task Writes_a_file_into_the_directory_of_its_lease()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await File.WriteAllTextAsync(Path.Combine(schema.Directory, "file"), "content");

        await File.WriteAllTextAsync(Environment.GetEnvironmentVariable("PROBE_SIGNAL")!, schema.Directory);
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
