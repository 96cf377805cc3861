using Npgsql;
using SchemaIsolation;

namespace Tracker.Tests;

/// <summary>A schema for all tests of a class, with the data that they start from.</summary>
public sealed class TrackerDatabase : IAsyncLifetime
{
    private Lease? schema;
    private NpgsqlDataSource? dataSource;

    /// <summary>Open; "bug".</summary>
    public long Crash { get; private set; }

    /// <summary>Open; "bug" and "urgent", with a comment of Ada's.</summary>
    public long CrashToo { get; private set; }

    public async Task InitializeAsync()
    {
        schema = await IsolatedSchema.LeaseAsync();
        dataSource = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var connection = await dataSource.OpenConnectionAsync();
        await using (var labels = new NpgsqlCommand("insert into labels values ('bug'), ('urgent')", connection))
            await labels.ExecuteNonQueryAsync();

        var issues = new IssueStore(connection);
        Crash = (await issues.OpenAsync("It crashes")).Id;
        await issues.LabelAsync(Crash, "bug");
        CrashToo = (await issues.OpenAsync("It crashes again")).Id;
        await issues.LabelAsync(CrashToo, "bug");
        await issues.LabelAsync(CrashToo, "urgent");
        await issues.CommentAsync(CrashToo, new Comment("Ada", "Since Monday."));
    }

    /// <summary>One that is not open yet, for one test.</summary>
    public NpgsqlConnection CreateConnection()
        => dataSource?.CreateConnection() ?? throw new InvalidOperationException("The class has not been prepared.");

    public async Task DisposeAsync()
    {
        if (dataSource is not null)
            await dataSource.DisposeAsync();
        if (schema is not null)
            await schema.DisposeAsync();
    }
}
