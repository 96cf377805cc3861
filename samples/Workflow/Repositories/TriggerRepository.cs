using Npgsql;

namespace Workflow.Repositories;

public sealed class TriggerRepository(NpgsqlDataSource dataSource)
{
    public Task<Trigger> CreateAsync(NewTrigger trigger, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<Trigger>(
            """
            insert into triggers (pack_id, ref, label, payload_schema)
            values (@PackId, @Ref, @Label, @PayloadSchema::jsonb)
            returning *
            """,
            trigger,
            cancellationToken);

    public Task<Trigger?> FindByRefAsync(string @ref, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Trigger>("select * from triggers where ref = @ref", new { @ref }, cancellationToken);

    public Task<IReadOnlyList<Trigger>> ListByPackAsync(long packId, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Trigger>(
            "select * from triggers where pack_id = @packId order by ref", new { packId }, cancellationToken);

    /// <returns>The changed trigger, or null when there is none.</returns>
    public Task<Trigger?> SetEnabledAsync(long id, bool enabled, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Trigger>(
            "update triggers set enabled = @enabled where id = @id returning *", new { id, enabled }, cancellationToken);

    /// <returns>False when there was no such trigger.</returns>
    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken = default)
        => await dataSource.ExecuteAsync("delete from triggers where id = @id", new { id }, cancellationToken) > 0;
}
