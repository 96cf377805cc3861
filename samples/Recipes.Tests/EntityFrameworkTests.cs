using Microsoft.EntityFrameworkCore;
using SchemaIsolation;

namespace Recipes.Tests;

public sealed class EntityFrameworkTests
{
    // With migrations of EF Core's: MigrateAsync, and the name of the last migration as the fingerprint.
    private static readonly TemplateDefinition Bakery = new("bakery", fingerprint: "1", async (connectionString, cancellationToken) =>
    {
        await using var context = BakeryContext.On(connectionString);
        await context.Database.EnsureCreatedAsync(cancellationToken);
    });

    [Fact]
    public async Task A_context_works_on_a_lease()
    {
        await using var database = await IsolatedDatabase.LeaseAsync(new LeaseOptions { Definition = Bakery });
        await using (var baking = BakeryContext.On(database.ConnectionString))
        {
            baking.Loaves.Add(new Loaf { Name = "rye" });
            await baking.SaveChangesAsync();
        }

        await using var selling = BakeryContext.On(database.ConnectionString);
        Assert.Equal("rye", (await selling.Loaves.SingleAsync()).Name);
    }

    [Fact]
    public async Task Another_test_finds_no_loaf()
    {
        await using var database = await IsolatedDatabase.LeaseAsync(new LeaseOptions { Definition = Bakery });
        await using var context = BakeryContext.On(database.ConnectionString);

        Assert.Empty(await context.Loaves.ToListAsync());
    }
}
