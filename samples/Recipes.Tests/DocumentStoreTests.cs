using SchemaIsolation;

namespace Recipes.Tests;

public sealed class DocumentStoreTests
{
    [Fact]
    public async Task It_makes_the_schema_whose_name_the_test_has_leased()
    {
        await using var schema = await IsolatedSchema.LeaseAsync(LeaseOptions.NameOnly);
        await using var store = new DocumentStore(schema.ConnectionString, schema.Name);

        await store.StoreAsync("""{ "loaf": "rye" }""");

        Assert.Equal(1, await store.CountAsync());
    }
}
