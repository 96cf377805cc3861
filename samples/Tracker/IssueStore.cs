using System.Data.Common;

namespace Tracker;

/// <summary>The issues in a PostgreSQL database, by way of any open connection to it.</summary>
public sealed class IssueStore(DbConnection connection)
{
    public async Task<Issue> OpenAsync(string title, CancellationToken cancellationToken = default)
    {
        await using var command = connection.Command("insert into issues (title) values (@title) returning id", ("title", title));
        return new Issue((long)(await command.ExecuteScalarAsync(cancellationToken))!, title);
    }

    /// <returns>The issue, or null when there is none.</returns>
    public async Task<Issue?> FindAsync(long id, CancellationToken cancellationToken = default)
    {
        await using var command = connection.Command("select id, title, is_closed, duplicate_of from issues where id = @id", ("id", id));
        return await command.ListAsync(ReadIssue, cancellationToken) is [var issue] ? issue : null;
    }

    /// <summary>Those that are not closed, the oldest first.</summary>
    public async Task<IReadOnlyList<Issue>> ListOpenAsync(CancellationToken cancellationToken = default)
    {
        await using var command = connection.Command("select id, title, is_closed, duplicate_of from issues where not is_closed order by id");
        return await command.ListAsync(ReadIssue, cancellationToken);
    }

    /// <returns>False when there is no such issue, or when it was closed before.</returns>
    public async Task<bool> CloseAsync(long id, CancellationToken cancellationToken = default)
    {
        await using var command = connection.Command("update issues set is_closed = true where id = @id and not is_closed", ("id", id));
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <exception cref="DbException">There is no such issue or label, or the issue has the label.</exception>
    public async Task LabelAsync(long id, string label, CancellationToken cancellationToken = default)
    {
        await using var command = connection.Command(
            "insert into issue_labels (issue_id, label) values (@id, @label)", ("id", id), ("label", label));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<string>> ListLabelsAsync(long id, CancellationToken cancellationToken = default)
    {
        await using var command = connection.Command("select label from issue_labels where issue_id = @id order by label", ("id", id));
        return await command.ListAsync(reader => reader.GetString(0), cancellationToken);
    }

    /// <remarks>That there is such an issue is looked at when the transaction ends.</remarks>
    public async Task CommentAsync(long id, Comment comment, CancellationToken cancellationToken = default)
    {
        await using var command = connection.Command(
            "insert into comments (issue_id, author, body) values (@id, @author, @body)",
            ("id", id),
            ("author", comment.Author),
            ("body", comment.Body));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The comments on an issue, the oldest first.</summary>
    public async Task<IReadOnlyList<Comment>> ListCommentsAsync(long id, CancellationToken cancellationToken = default)
    {
        await using var command = connection.Command("select author, body from comments where issue_id = @id order by id", ("id", id));
        return await command.ListAsync(reader => new Comment(reader.GetString(0), reader.GetString(1)), cancellationToken);
    }

    /// <summary>Closes an issue as the duplicate of another, which gets its labels and comments: all of it or nothing.</summary>
    /// <exception cref="InvalidOperationException">The other is closed, or there is none.</exception>
    public async Task MergeAsync(long duplicate, long into, CancellationToken cancellationToken = default)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        string[] statements =
        [
            "update comments set issue_id = @into where issue_id = @duplicate",
            "insert into issue_labels select @into, label from issue_labels where issue_id = @duplicate on conflict do nothing",
            "delete from issue_labels where issue_id = @duplicate",
            "update issues set is_closed = true, duplicate_of = @into where id = @duplicate",
        ];
        foreach (var statement in statements)
        {
            await using var command = connection.Command(statement, ("duplicate", duplicate), ("into", into));
            command.Transaction = transaction;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        if (await FindAsync(into, cancellationToken) is not { IsClosed: false })
            throw new InvalidOperationException($"Issue {into} is not open.");
        await transaction.CommitAsync(cancellationToken);
    }

    private static Issue ReadIssue(DbDataReader reader)
        => new(reader.GetInt64(0), reader.GetString(1), reader.GetBoolean(2), reader.IsDBNull(3) ? null : reader.GetInt64(3));
}
