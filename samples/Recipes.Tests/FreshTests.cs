using Npgsql;
using SchemaIsolation;

namespace Recipes.Tests;

/// <summary>For a suite that emptied tables before each test: its base class leases instead.</summary>
public abstract class FreshTests : IAsyncLifetime
{
    private Lease schema = null!;

    protected NpgsqlDataSource DataSource { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        schema = await IsolatedSchema.LeaseAsync(testName: GetType().Name, testFile: "");
        DataSource = NpgsqlDataSource.Create(schema.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await schema.DisposeAsync();
    }
}
