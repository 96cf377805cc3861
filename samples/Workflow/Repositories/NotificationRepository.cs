using Npgsql;

namespace Workflow.Repositories;

public sealed class NotificationRepository(NpgsqlDataSource dataSource)
{
    public Task<Notification> QueueAsync(NewNotification notification, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<Notification>(
            """
            insert into notifications (recipient_id, channel, subject, payload)
            values (@RecipientId, @Channel, @Subject, @Payload::jsonb)
            returning *
            """,
            notification,
            cancellationToken);

    public Task<Notification?> FindAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Notification>("select * from notifications where id = @id", new { id }, cancellationToken);

    /// <summary>The notifications of the identity, newest first.</summary>
    public Task<IReadOnlyList<Notification>> ListByRecipientAsync(long recipientId, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Notification>(
            "select * from notifications where recipient_id = @recipientId order by id desc", new { recipientId }, cancellationToken);

    /// <summary>Takes up to so many notifications out of the queue, oldest first; no other caller gets them.</summary>
    public Task<IReadOnlyList<Notification>> TakeAsync(int count, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Notification>(
            """
            with next as (
                select id from notifications where state = 'queued' order by id limit @count for update skip locked
            ),
            taken as (
                update notifications set state = 'sending' from next where notifications.id = next.id returning notifications.*
            )
            select * from taken order by id
            """,
            new { count },
            cancellationToken);

    /// <returns>The notification, or null when it is not being sent.</returns>
    public Task<Notification?> MarkDeliveredAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Notification>(
            "update notifications set state = 'delivered' where id = @id and state = 'sending' returning *",
            new { id },
            cancellationToken);

    /// <returns>The notification, or null when it is not being sent.</returns>
    public Task<Notification?> MarkFailedAsync(long id, string error, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Notification>(
            "update notifications set state = 'failed', error = @error where id = @id and state = 'sending' returning *",
            new { id, error },
            cancellationToken);
}
