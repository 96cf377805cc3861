using Npgsql;
using SchemaIsolation;
using Xunit;

public class PackTests
{
    [Fact]
    public async Task A_new_table_is_empty()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await using var db = NpgsqlDataSource.Create(schema.ConnectionString);

        await using var command = db.CreateCommand("select count(*) from packs");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }
}
