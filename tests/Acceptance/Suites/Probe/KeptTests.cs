using Npgsql;
using SchemaIsolation;

namespace Probe;

/// <summary>Beside the other class, whose tests may hold a lease meanwhile.</summary>
public sealed class KeptTests
{
    [Fact]
    public Task Leaves_a_row() => AddAsync(nameof(Leaves_a_row));

    [Fact]
    public async Task Leaves_a_row_and_breaks()
    {
        await AddAsync(nameof(Leaves_a_row_and_breaks));

        Assert.Fail("on purpose");
    }

    private static async Task AddAsync(string test)
    {
        await using var schema = await IsolatedSchema.LeaseAsync(testName: test);
        await using var db = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var command = db.CreateCommand($"insert into widgets (name) values ('{test}')");
        await command.ExecuteNonQueryAsync();
    }
}
