using Npgsql;
using SchemaIsolation;

namespace Tracker.Tests;

/// <summary>The second way: a test begins its transaction itself. The transactions of <see cref="IssueStore"/> are savepoints in it.</summary>
public sealed class MergeTests(TrackerDatabase database) : IClassFixture<TrackerDatabase>
{
    [Fact]
    public async Task A_merged_issue_gives_its_labels_and_comments_to_the_other()
    {
        await using var connection = database.CreateConnection();
        await using var transaction = await TestTransaction.BeginAsync(connection);
        var issues = new IssueStore(transaction.Connection);

        await issues.MergeAsync(database.CrashToo, into: database.Crash);

        Assert.Equal(new Issue(database.CrashToo, "It crashes again", IsClosed: true, database.Crash), await issues.FindAsync(database.CrashToo));
        Assert.Equal(["bug", "urgent"], await issues.ListLabelsAsync(database.Crash));
        Assert.Equal([new Comment("Ada", "Since Monday.")], await issues.ListCommentsAsync(database.Crash));
        Assert.Empty(await issues.ListLabelsAsync(database.CrashToo));
    }

    [Fact]
    public async Task A_merge_into_a_closed_issue_changes_nothing()
    {
        await using var connection = database.CreateConnection();
        await using var transaction = await TestTransaction.BeginAsync(connection);
        var issues = new IssueStore(transaction.Connection);
        await issues.CloseAsync(database.Crash);

        await Assert.ThrowsAsync<InvalidOperationException>(() => issues.MergeAsync(database.CrashToo, into: database.Crash));

        Assert.Equal(new Issue(database.CrashToo, "It crashes again"), await issues.FindAsync(database.CrashToo));
        Assert.Equal(["bug"], await issues.ListLabelsAsync(database.Crash));
        Assert.Equal([new Comment("Ada", "Since Monday.")], await issues.ListCommentsAsync(database.CrashToo));
    }

    [Fact]
    public async Task A_comment_on_no_issue_is_refused_when_the_transaction_ends()
    {
        await using var connection = database.CreateConnection();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => TestTransaction.RunAsync(
            connection, transaction => new IssueStore(transaction.Connection).CommentAsync(0, new Comment("Ada", "Hello?"))));

        Assert.Equal("comments_issue_id_fkey", exception.ConstraintName);
    }
}
