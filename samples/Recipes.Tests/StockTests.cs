namespace Recipes.Tests;

public sealed class StockTests : FreshTests
{
    [Fact]
    public async Task What_one_test_adds_the_other_does_not_see()
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        var packs = new PackStore(connection);

        await packs.AddAsync("flour");

        Assert.Equal(1, await packs.CountAsync());
    }

    [Fact]
    public async Task And_the_other_way_round()
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        var packs = new PackStore(connection);

        await packs.AddAsync("flour");

        Assert.Equal(1, await packs.CountAsync());
    }
}
