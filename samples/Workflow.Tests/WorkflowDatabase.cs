using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;
using SchemaIsolation;
using Workflow.Repositories;

namespace Workflow.Tests;

/// <summary>A schema of the test's own, and the repositories on it.</summary>
internal sealed class WorkflowDatabase : IAsyncDisposable
{
    private readonly Lease schema;

    private WorkflowDatabase(Lease schema)
    {
        this.schema = schema;
        DataSource = NpgsqlDataSource.Create(schema.ConnectionString);
    }

    public NpgsqlDataSource DataSource { get; }

    public PackRepository Packs => new(DataSource);
    public RuntimeRepository Runtimes => new(DataSource);
    public WorkerRepository Workers => new(DataSource);
    public ActionRepository Actions => new(DataSource);
    public TriggerRepository Triggers => new(DataSource);
    public RuleRepository Rules => new(DataSource);
    public EventRepository Events => new(DataSource);
    public EnforcementRepository Enforcements => new(DataSource);
    public IdentityRepository Identities => new(DataSource);
    public ExecutionRepository Executions => new(DataSource);
    public InquiryRepository Inquiries => new(DataSource);
    public KeyRepository Keys => new(DataSource);
    public NotificationRepository Notifications => new(DataSource);

    /// <summary>Leases a schema in the name of the calling test.</summary>
    public static async Task<WorkflowDatabase> LeaseAsync([CallerMemberName] string testName = "", [CallerFilePath] string testFile = "")
        => new(await IsolatedSchema.LeaseAsync(testName: testName, testFile: testFile));

    public async Task<int> ExecuteAsync(string sql, object? parameters = null)
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        return await connection.ExecuteAsync(sql, parameters);
    }

    public async Task<T?> ScalarAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        return await connection.ExecuteScalarAsync<T>(sql, parameters);
    }

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await DataSource.OpenConnectionAsync();
        return (await connection.QueryAsync<T>(sql, parameters)).AsList();
    }

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        await schema.DisposeAsync();
    }
}
