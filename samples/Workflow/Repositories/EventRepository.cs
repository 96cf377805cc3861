using Npgsql;

namespace Workflow.Repositories;

public sealed class EventRepository(NpgsqlDataSource dataSource)
{
    public Task<Event> RecordAsync(NewEvent @event, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<Event>(
            """
            insert into events (trigger_id, trigger_ref, source, payload)
            select id, ref, @Source, @Payload::jsonb from triggers where id = @TriggerId
            returning *
            """,
            @event,
            cancellationToken);

    public Task<Event?> FindAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Event>("select * from events where id = @id", new { id }, cancellationToken);

    /// <summary>The latest events of the trigger, newest first.</summary>
    public Task<IReadOnlyList<Event>> ListLatestAsync(string triggerRef, int count, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Event>(
            "select * from events where trigger_ref = @triggerRef order by created_at desc, id desc limit @count",
            new { triggerRef, count },
            cancellationToken);

    /// <summary>The events whose payload contains the given JSON, oldest first.</summary>
    public Task<IReadOnlyList<Event>> ListByPayloadAsync(string payload, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Event>(
            "select * from events where payload @> @payload::jsonb order by id", new { payload }, cancellationToken);

    /// <returns>The number of events that were older.</returns>
    public Task<int> DeleteOlderThanAsync(DateTime time, CancellationToken cancellationToken = default)
        => dataSource.ExecuteAsync("delete from events where created_at < @time", new { time }, cancellationToken);
}
