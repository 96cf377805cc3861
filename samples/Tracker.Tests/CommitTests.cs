using Npgsql;
using SchemaIsolation;

namespace Tracker.Tests;

/// <summary>What becomes of a test whose code commits for good: here on a lease of its own, as it would be wise to.</summary>
public sealed class CommitTests
{
    [Fact]
    public async Task Code_that_commits_behind_the_tests_back_is_found_out()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await using var db = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var connection = db.CreateConnection();
        var transaction = await TestTransaction.BeginAsync(connection);
        await new IssueStore(connection).OpenAsync("It stays");
        await using (var commit = new NpgsqlCommand("commit", connection))
            await commit.ExecuteNonQueryAsync();

        var ended = await Assert.ThrowsAsync<SchemaIsolationException>(async () => await transaction.DisposeAsync());
        var dirty = await Assert.ThrowsAsync<SchemaIsolationException>(() => TestTransaction.BeginAsync(connection));

        Assert.Equal("SI2009", ended.Code);
        Assert.Equal("SI2010", dirty.Code);
        Assert.Contains("\"CommitTests.Code_that_commits_behind_the_tests_back_is_found_out\"", dirty.Reason);
    }

    [Fact]
    public async Task A_statement_that_refuses_transactions_is_told_apart()
    {
        await using var schema = await IsolatedSchema.LeaseAsync();
        await using var db = NpgsqlDataSource.Create(schema.ConnectionString);
        await using var connection = db.CreateConnection();
        await using var transaction = await TestTransaction.BeginAsync(connection);
        await using var vacuum = transaction.Connection.CreateCommand();
        vacuum.CommandText = "vacuum issues";

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => vacuum.ExecuteNonQueryAsync());

        Assert.Equal("SI2011", exception.Code);
    }
}
