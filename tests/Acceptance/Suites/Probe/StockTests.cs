using Npgsql;
using SchemaIsolation;
using Xunit;

public class StockTests
{
    [Fact]
    public async Task Three_packs()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await using var db = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var add = db.CreateCommand("insert into packs (ref) values ('flour'), ('salt')");
        await add.ExecuteNonQueryAsync();

        await using var command = db.CreateCommand("select count(*) from packs");
        Assert.Equal(3L, await command.ExecuteScalarAsync());
    }
}
