using Npgsql;

namespace Workflow.Repositories;

public sealed class InquiryRepository(NpgsqlDataSource dataSource)
{
    public Task<Inquiry> CreateAsync(NewInquiry inquiry, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<Inquiry>(
            """
            insert into inquiries (execution_id, assigned_to, prompt, response_schema, expires_at)
            values (@ExecutionId, @AssignedTo, @Prompt, @ResponseSchema::jsonb, @ExpiresAt)
            returning *
            """,
            inquiry,
            cancellationToken);

    public Task<Inquiry?> FindAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Inquiry>("select * from inquiries where id = @id", new { id }, cancellationToken);

    /// <summary>The pending inquiries of the identity, the most urgent first; those that never expire come last.</summary>
    public Task<IReadOnlyList<Inquiry>> ListPendingAsync(long identityId, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Inquiry>(
            "select * from inquiries where status = 'pending' and assigned_to = @identityId order by expires_at nulls last, id",
            new { identityId },
            cancellationToken);

    /// <returns>The answered inquiry, or null when it is not pending.</returns>
    public Task<Inquiry?> AnswerAsync(long id, string response, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Inquiry>(
            """
            update inquiries
            set status = 'answered', response = @response::jsonb
            where id = @id and status = 'pending'
            returning *
            """,
            new { id, response },
            cancellationToken);

    /// <returns>The number of inquiries that expired by the given time.</returns>
    public Task<int> ExpireAsync(DateTime now, CancellationToken cancellationToken = default)
        => dataSource.ExecuteAsync(
            "update inquiries set status = 'expired' where status = 'pending' and expires_at <= @now", new { now }, cancellationToken);
}
