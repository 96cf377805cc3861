using SchemaIsolation;

namespace Recipes.Tests;

public sealed class FixtureTests(BakeryFixture bakery) : IClassFixture<BakeryFixture>
{
    [Theory]
    [InlineData("flour")]
    [InlineData("salt")]
    public async Task Each_test_starts_from_the_rows_of_the_class(string reference)
    {
        await using var transaction = await TestTransaction.BeginAsync(bakery.DataSource.CreateConnection());
        var packs = new PackStore(transaction.Connection);

        await packs.AddAsync(reference);

        Assert.Equal(1, await packs.CountAsync());
    }
}
