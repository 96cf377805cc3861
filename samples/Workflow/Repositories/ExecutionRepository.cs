using Npgsql;

namespace Workflow.Repositories;

public sealed class ExecutionRepository(NpgsqlDataSource dataSource)
{
    public Task<Execution> RequestAsync(NewExecution execution, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<Execution>(
            """
            insert into executions (action_id, action_ref, parent_id, enforcement_id, requested_by, parameters, max_attempts)
            select id, ref, @ParentId, @EnforcementId, @RequestedBy, @Parameters::jsonb, @MaxAttempts
            from actions where id = @ActionId
            returning *
            """,
            execution,
            cancellationToken);

    public Task<Execution?> FindAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Execution>("select * from executions where id = @id", new { id }, cancellationToken);

    public Task<IReadOnlyList<Execution>> ListAsync(ExecutionStatus status, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Execution>(
            "select * from executions where status = @status::execution_status order by id",
            new { status = status.Label() },
            cancellationToken);

    public Task<IReadOnlyList<Execution>> ListChildrenAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Execution>("select * from executions where parent_id = @id order by id", new { id }, cancellationToken);

    /// <summary>The children, their children, and so on.</summary>
    public Task<IReadOnlyList<Execution>> ListDescendantsAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Execution>(
            """
            with recursive descendants as (
                select * from executions where parent_id = @id
                union all
                select executions.* from executions join descendants on executions.parent_id = descendants.id
            )
            select * from descendants order by id
            """,
            new { id },
            cancellationToken);

    /// <summary>Gives the execution that waits longest to the worker; no other worker gets it.</summary>
    /// <returns>The execution, running, or null when none waits.</returns>
    public Task<Execution?> ClaimNextAsync(long workerId, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Execution>(
            """
            update executions
            set status = 'running', worker_id = @workerId, started_at = now()
            where id = (
                select id from executions where status = 'requested' order by id limit 1 for update skip locked
            )
            returning *
            """,
            new { workerId },
            cancellationToken);

    /// <summary>Gives this very execution to the worker.</summary>
    /// <returns>The execution, running, or null when it does not wait.</returns>
    public Task<Execution?> StartAsync(long id, long workerId, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Execution>(
            """
            update executions
            set status = 'running', worker_id = @workerId, started_at = now()
            where id = @id and status = 'requested'
            returning *
            """,
            new { id, workerId },
            cancellationToken);

    /// <returns>The execution, or null when it is not running.</returns>
    public Task<Execution?> SucceedAsync(long id, string result, CancellationToken cancellationToken = default)
        => FinishAsync(id, ExecutionStatus.Succeeded, result, cancellationToken);

    /// <returns>The execution, or null when it is not running.</returns>
    public Task<Execution?> FailAsync(long id, string result, CancellationToken cancellationToken = default)
        => FinishAsync(id, ExecutionStatus.Failed, result, cancellationToken);

    /// <summary>Puts a failed execution back into the queue while it has attempts left.</summary>
    /// <returns>The execution, or null when it has not failed or has no attempt left.</returns>
    public Task<Execution?> RetryAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Execution>(
            """
            update executions
            set status = 'requested', attempt = attempt + 1,
                worker_id = null, result = null, started_at = null, finished_at = null
            where id = @id and status = 'failed' and attempt < max_attempts
            returning *
            """,
            new { id },
            cancellationToken);

    /// <summary>Cancels the execution and all its descendants, as far as they have not finished.</summary>
    /// <returns>The number of executions that were cancelled.</returns>
    public Task<int> CancelAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.ExecuteAsync(
            """
            with recursive family as (
                select id from executions where id = @id
                union all
                select executions.id from executions join family on executions.parent_id = family.id
            )
            update executions
            set status = 'cancelled', finished_at = now()
            where id in (select id from family) and status in ('requested', 'running')
            """,
            new { id },
            cancellationToken);

    /// <summary>The executions in numbers, by action.</summary>
    public Task<IReadOnlyList<ExecutionSummary>> SummarizeAsync(CancellationToken cancellationToken = default)
        => dataSource.ListAsync<ExecutionSummary>("select * from execution_summary order by action_ref", null, cancellationToken);

    private Task<Execution?> FinishAsync(long id, ExecutionStatus status, string result, CancellationToken cancellationToken)
        => dataSource.SingleOrDefaultAsync<Execution>(
            """
            update executions
            set status = @status::execution_status, result = @result::jsonb, finished_at = now()
            where id = @id and status = 'running'
            returning *
            """,
            new { id, status = status.Label(), result },
            cancellationToken);
}
