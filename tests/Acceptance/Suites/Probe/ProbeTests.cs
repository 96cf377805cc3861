using Npgsql;
using SchemaIsolation;

namespace Probe;

/// <summary>Run one at a time, by name, from the acceptance tests.</summary>
public sealed class ProbeTests
{
    private static string Signal => Environment.GetEnvironmentVariable("PROBE_SIGNAL")!;

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
    public async Task Dies_of_a_fail_fast()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await SignalAsync(schema);

        Environment.FailFast("on purpose");
    }

    [Fact]
    public async Task Dies_of_a_stack_overflow()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await SignalAsync(schema);

        Deepen(1);
    }

    [Fact]
    public async Task Dies_of_an_exit()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await SignalAsync(schema);

        Environment.Exit(7);
    }

    [Fact]
    public async Task Dies_of_an_exception_on_a_thread()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await SignalAsync(schema);

        var thread = new Thread(() => throw new InvalidOperationException("on purpose"));
        thread.Start();
        thread.Join();
    }

    /// <summary>Writes, never commits, and uses its connection until it is let go, or its state is taken away.</summary>
    [Fact]
    public async Task Holds_a_lease_until_it_is_let_go()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await using var db = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var use = new NpgsqlCommand("insert into widgets (name) values ('never committed')", connection);
        await use.ExecuteNonQueryAsync();
        await SignalAsync(schema);

        use.CommandText = "select 1";
        try
        {
            while (!IsLetGo())
            {
                await use.ExecuteNonQueryAsync();
                await Task.Delay(20);
            }
        }
        catch (NpgsqlException)
        {
            await File.WriteAllTextAsync(Signal + ".lost", string.Empty);
            while (!IsLetGo())
                await Task.Delay(20);
        }
    }

    [Fact]
    public async Task Writes_a_file_into_the_directory_of_its_lease()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await File.WriteAllTextAsync(Path.Combine(schema.Directory, "file"), "content");

        await File.WriteAllTextAsync(Signal, schema.Directory);
    }

    private static bool IsLetGo() => File.Exists(Signal + ".go");

    private static async Task SignalAsync(Lease schema)
    {
        // Written beside and renamed: whoever sees the file sees all of it.
        await File.WriteAllTextAsync(Signal + ".new", schema.Database);
        File.Move(Signal + ".new", Signal);
    }

    private static int Deepen(int depth) => Deepen(depth + 1) + depth;

    private static async Task<object?> ScalarAsync(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
