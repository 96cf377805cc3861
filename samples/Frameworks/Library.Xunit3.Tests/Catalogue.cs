using Npgsql;
using SchemaIsolation;

namespace Library.Tests;

/// <summary>A lease for all classes that only read.</summary>
public sealed class Catalogue : IAsyncLifetime
{
    private Lease? schema;
    private NpgsqlDataSource? dataSource;

    public async ValueTask InitializeAsync()
    {
        schema = await IsolatedSchema.LeaseAsync(testName: nameof(Catalogue), testFile: "");
        var readOnly = new NpgsqlConnectionStringBuilder(schema.ConnectionString);
        readOnly.Options += " -c default_transaction_read_only=on";
        dataSource = NpgsqlDataSource.Create(readOnly);
    }

    /// <summary>A connection that no test can write with.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
        => dataSource is null
            ? throw new InvalidOperationException("The catalogue has not been leased.")
            : await dataSource.OpenConnectionAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (dataSource is not null)
            await dataSource.DisposeAsync();
        if (schema is not null)
            await schema.DisposeAsync();
    }
}
