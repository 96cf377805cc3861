using Dapper;
using Npgsql;
using SchemaIsolation;

namespace Recipes.Tests;

public sealed class DapperTests
{
    [Fact]
    public async Task Rows_are_this_test_s_alone()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await using var db = new NpgsqlConnection(schema.ConnectionString);

        await db.ExecuteAsync("insert into packs (ref) values (@Ref)", new[] { new { Ref = "flour" }, new { Ref = "salt" } });

        Assert.Equal(["flour", "salt"], await db.QueryAsync<string>("select ref from packs order by ref"));
    }
}
