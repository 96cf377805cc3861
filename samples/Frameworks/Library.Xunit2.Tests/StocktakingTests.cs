using Npgsql;
using SchemaIsolation;

namespace Library.Tests;

/// <summary>A lease in the test itself: of a database, as the lock of a stocktaking is the whole database's.</summary>
public sealed class StocktakingTests
{
    [Fact]
    public async Task Only_one_takes_stock()
    {
        await using var database = await IsolatedDatabase.LeaseAsync();
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        await using var first = await dataSource.OpenConnectionAsync();
        await using var second = await dataSource.OpenConnectionAsync();

        Assert.True(await new Books(first).TryTakeStockAsync());
        Assert.False(await new Books(second).TryTakeStockAsync());
    }
}
