using Npgsql;
using SchemaIsolation;

namespace Recipes.Tests;

public sealed class TransactionTests
{
    [Fact]
    public async Task A_violation_does_not_end_the_test()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await using var dataSource = NpgsqlDataSource.Create(schema.ConnectionString);

        await using var connection = dataSource.CreateConnection();          // any DbConnection
        await using var transaction = await TestTransaction.BeginAsync(connection);
        var packs = new PackStore(transaction.Connection);                   // its own transactions become savepoints
        await packs.AddAsync("flour");

        await using (await transaction.SaveAsync())                          // what fails here does not end the test
            await Assert.ThrowsAsync<PostgresException>(() => packs.AddAsync("flour"));

        Assert.Equal(1, await packs.CountAsync());
    }
}
