using Npgsql;
using SchemaIsolation;

namespace Library.Tests;

/// <summary>A lease in the test itself: of a database, as the lock of a stocktaking is the whole database's.</summary>
public sealed class StocktakingTests
{
    [Fact]
    public async Task Only_one_takes_stock()
    {
        await using var database = await IsolatedDatabase.LeaseAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var dataSource = NpgsqlDataSource.Create(database.ConnectionString);
        await using var first = await dataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var second = await dataSource.OpenConnectionAsync(TestContext.Current.CancellationToken);

        Assert.True(await new Books(first).TryTakeStockAsync(TestContext.Current.CancellationToken));
        Assert.False(await new Books(second).TryTakeStockAsync(TestContext.Current.CancellationToken));
    }
}
