using Npgsql;
using SchemaIsolation;

namespace Recipes.Tests;

/// <summary>One database for all tests of a class, as a container for each class was.</summary>
public sealed class BakeryFixture : IAsyncLifetime
{
    private Lease database = null!;

    public NpgsqlDataSource DataSource { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        database = await IsolatedDatabase.LeaseAsync();
        DataSource = NpgsqlDataSource.Create(database.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await database.DisposeAsync();
    }
}
