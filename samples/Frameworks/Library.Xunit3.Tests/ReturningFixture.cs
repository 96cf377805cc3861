using Npgsql;
using SchemaIsolation;

namespace Library.Tests;

/// <summary>A lease for all tests of a class, in which "Emma" is lent.</summary>
public sealed class ReturningFixture : IAsyncLifetime
{
    private Lease? schema;
    private NpgsqlDataSource? dataSource;

    public async ValueTask InitializeAsync()
    {
        schema = await IsolatedSchema.LeaseAsync(testName: TestContext.Current.TestClass!.TestClassSimpleName, testFile: "");
        dataSource = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var connection = await dataSource.OpenConnectionAsync();
        await new Books(connection).LendAsync("Emma", "Ada");
    }

    public NpgsqlConnection CreateConnection()
        => dataSource?.CreateConnection() ?? throw new InvalidOperationException("The class has not been prepared.");

    public async ValueTask DisposeAsync()
    {
        if (dataSource is not null)
            await dataSource.DisposeAsync();
        if (schema is not null)
            await schema.DisposeAsync();
    }
}
