using Npgsql;

namespace Workflow.Repositories;

public sealed class EnforcementRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Sets the rule off for the event; a rule does so once for each event.</summary>
    public Task<Enforcement> CreateAsync(long ruleId, long eventId, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<Enforcement>(
            """
            insert into enforcements (rule_id, rule_ref, event_id, parameters)
            select id, ref, @eventId, parameters from rules where id = @ruleId
            returning *
            """,
            new { ruleId, eventId },
            cancellationToken);

    public Task<Enforcement?> FindAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Enforcement>("select * from enforcements where id = @id", new { id }, cancellationToken);

    public Task<IReadOnlyList<Enforcement>> ListAsync(EnforcementStatus status, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Enforcement>(
            "select * from enforcements where status = @status::enforcement_status order by id",
            new { status = status.Label() },
            cancellationToken);

    /// <returns>The enforcement, or null when there is none or it was closed before.</returns>
    public Task<Enforcement?> MarkProcessedAsync(long id, CancellationToken cancellationToken = default)
        => CloseAsync(id, EnforcementStatus.Processed, cancellationToken);

    /// <returns>The enforcement, or null when there is none or it was closed before.</returns>
    public Task<Enforcement?> RejectAsync(long id, CancellationToken cancellationToken = default)
        => CloseAsync(id, EnforcementStatus.Rejected, cancellationToken);

    private Task<Enforcement?> CloseAsync(long id, EnforcementStatus status, CancellationToken cancellationToken)
        => dataSource.SingleOrDefaultAsync<Enforcement>(
            "update enforcements set status = @status::enforcement_status where id = @id and status = 'created' returning *",
            new { id, status = status.Label() },
            cancellationToken);
}
