using Npgsql;

namespace Workflow.Repositories;

public sealed class WorkerRepository(NpgsqlDataSource dataSource)
{
    /// <summary>Creates the worker, or moves the one of its name to the given host and port; it starts again.</summary>
    public Task<Worker> RegisterAsync(NewWorker worker, CancellationToken cancellationToken = default)
        => dataSource.SingleAsync<Worker>(
            """
            insert into workers (runtime_id, name, host, port, capabilities)
            values (@RuntimeId, @Name, @Host, @Port, @Capabilities::jsonb)
            on conflict (name) do update
            set runtime_id = excluded.runtime_id,
                host = excluded.host,
                port = excluded.port,
                capabilities = excluded.capabilities,
                status = 'starting'
            returning *
            """,
            worker,
            cancellationToken);

    public Task<Worker?> FindAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Worker>("select * from workers where id = @id", new { id }, cancellationToken);

    public Task<IReadOnlyList<Worker>> ListAsync(WorkerStatus status, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Worker>(
            "select * from workers where status = @status::worker_status order by name",
            new { status = status.Label() },
            cancellationToken);

    /// <summary>The ready workers whose capabilities contain the given JSON.</summary>
    public Task<IReadOnlyList<Worker>> ListCapableAsync(string capabilities, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Worker>(
            "select * from workers where status = 'ready' and capabilities @> @capabilities::jsonb order by name",
            new { capabilities },
            cancellationToken);

    /// <summary>Notes that the worker was alive at the given time, and is ready if it was starting.</summary>
    /// <returns>The worker, or null when there is none.</returns>
    public Task<Worker?> BeatAsync(long id, DateTime at, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Worker>(
            """
            update workers
            set last_heartbeat_at = greatest(last_heartbeat_at, @at),
                status = case status when 'starting' then 'ready' else status end
            where id = @id
            returning *
            """,
            new { id, at },
            cancellationToken);

    /// <returns>The worker, or null when there is none.</returns>
    public Task<Worker?> DrainAsync(long id, CancellationToken cancellationToken = default)
        => dataSource.SingleOrDefaultAsync<Worker>(
            "update workers set status = 'draining' where id = @id returning *", new { id }, cancellationToken);

    /// <summary>Takes the ready workers offline that were last heard of before the given time.</summary>
    /// <returns>Those workers, in no order.</returns>
    public Task<IReadOnlyList<Worker>> RetireSilentAsync(DateTime since, CancellationToken cancellationToken = default)
        => dataSource.ListAsync<Worker>(
            "update workers set status = 'offline' where status = 'ready' and last_heartbeat_at < @since returning *",
            new { since },
            cancellationToken);
}
