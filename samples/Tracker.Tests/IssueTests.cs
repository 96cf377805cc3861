using Dapper;
using Npgsql;
using Xunit.Abstractions;

namespace Tracker.Tests;

/// <summary>The first way: a base class begins the transaction before each test and rolls it back after it.</summary>
public sealed class IssueTests(TrackerDatabase database, ITestOutputHelper output) : TransactionTests(database, output)
{
    [Fact]
    public async Task A_closed_issue_is_open_no_more()
    {
        var closed = await Issues.CloseAsync(Database.Crash);

        Assert.True(closed);
        Assert.Equal([Database.CrashToo], (await Issues.ListOpenAsync()).Select(issue => issue.Id));
    }

    [Fact]
    public async Task Every_test_finds_the_issues_of_the_class_open()
    {
        Assert.Equal([Database.Crash, Database.CrashToo], (await Issues.ListOpenAsync()).Select(issue => issue.Id));
    }

    [Fact]
    public async Task An_issue_is_closed_but_once()
    {
        await Issues.CloseAsync(Database.Crash);

        Assert.False(await Issues.CloseAsync(Database.Crash));
    }

    [Fact]
    public async Task A_label_that_does_not_exist_is_refused_and_changes_nothing()
    {
        // Without the savepoint, the statement that fails would let no other run.
        await using (await Transaction.SaveAsync())
        {
            var exception = await Assert.ThrowsAsync<PostgresException>(() => Issues.LabelAsync(Database.Crash, "no-such-label"));
            Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, exception.SqlState);
        }

        Assert.Equal(["bug"], await Issues.ListLabelsAsync(Database.Crash));
    }

    [Fact]
    public async Task An_opened_issue_can_be_queried_with_Dapper()
    {
        var issue = await Issues.OpenAsync("It is slow");

        var titles = await Transaction.Connection.QueryAsync<string>(
            "select title from issues where id = any(@ids) order by id", new { ids = new[] { Database.Crash, issue.Id } });

        Assert.Equal(["It crashes", "It is slow"], titles);
    }
}
