using Npgsql;
using SchemaIsolation;

namespace Library.Tests;

/// <summary>A lease for all classes that only read.</summary>
[SetUpFixture]
public static class Catalogue
{
    private static Lease schema = null!;
    private static NpgsqlDataSource dataSource = null!;

    [OneTimeSetUp]
    public static async Task LeaseAsync()
    {
        schema = await IsolatedSchema.LeaseAsync(testName: nameof(Catalogue), testFile: "");
        var readOnly = new NpgsqlConnectionStringBuilder(schema.ConnectionString);
        readOnly.Options += " -c default_transaction_read_only=on";
        dataSource = NpgsqlDataSource.Create(readOnly);
    }

    /// <summary>A connection that no test can write with.</summary>
    public static async Task<NpgsqlConnection> OpenAsync() => await dataSource.OpenConnectionAsync();

    [OneTimeTearDown]
    public static async Task ReleaseAsync()
    {
        if (dataSource is not null)
            await dataSource.DisposeAsync();
        if (schema is not null)
            await schema.DisposeAsync();
    }
}
