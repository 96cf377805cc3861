using Npgsql;

namespace Jobs;

/// <summary>A queue of jobs in a PostgreSQL schema of its own. Everything here may be called from any number of threads at once.</summary>
public sealed class JobQueue : IAsyncDisposable
{
    public const string DefaultQueue = "default";

    private readonly NpgsqlDataSource dataSource;
    private readonly JobQueueOptions options;

    private JobQueue(NpgsqlDataSource dataSource, JobQueueOptions options)
    {
        this.dataSource = dataSource;
        this.options = options;
    }

    /// <summary>Opens the queue in the schema, which is created or upgraded first where needed.</summary>
    /// <param name="connectionString">The database. The queue has a connection pool of its own for it.</param>
    /// <param name="schema">The schema's name, unquoted; any name that PostgreSQL can hold.</param>
    /// <param name="options">The defaults when null.</param>
    /// <param name="cancellationToken">Stops waiting; the schema is then as it was.</param>
    public static async Task<JobQueue> OpenAsync(
        string connectionString, string schema, JobQueueOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(schema);
        var tables = new Schema(schema);
        var builder = new NpgsqlDataSourceBuilder(connectionString) { ConnectionStringBuilder = { SearchPath = tables.QuotedName } };
        var dataSource = builder.Build();
        try
        {
            await tables.EnsureUpToDateAsync(dataSource, cancellationToken);
            return new JobQueue(dataSource, options ?? new JobQueueOptions());
        }
        catch
        {
            await dataSource.DisposeAsync();
            throw;
        }
    }

    public Task EnqueueAsync(NewJob job, CancellationToken cancellationToken = default) => EnqueueAsync([job], cancellationToken);

    /// <summary>Enqueues all of the jobs or, when one is refused, none.</summary>
    /// <exception cref="PostgresException">A payload is not JSON, or a number of attempts is below 1.</exception>
    public async Task EnqueueAsync(IEnumerable<NewJob> jobs, CancellationToken cancellationToken = default)
    {
        await using var batch = dataSource.CreateBatch();
        foreach (var job in jobs)
        {
            batch.BatchCommands.Add(new(
                "insert into jobs (queue, payload, priority, run_at, max_attempts) values ($1, $2::jsonb, $3, $4, $5)")
            {
                Parameters =
                {
                    new() { Value = job.Queue },
                    new() { Value = job.Payload },
                    new() { Value = job.Priority },
                    new() { Value = job.RunAt?.ToUniversalTime() ?? options.Time.GetUtcNow() },
                    new() { Value = job.MaxAttempts },
                },
            });
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Takes the due job of the highest priority, and of those the oldest.</summary>
    /// <returns>The job, which the caller disposes, or null when no job is due that nobody else has in hand.</returns>
    public async Task<Job?> DequeueAsync(string queue = DefaultQueue, CancellationToken cancellationToken = default)
    {
        Job? job = null;
        var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            job = await TakeAsync(connection, queue, cancellationToken);
            return job;
        }
        finally
        {
            if (job is null)
                await connection.DisposeAsync();
        }
    }

    /// <summary>Handles jobs until none is due, as many at once as there are workers.</summary>
    /// <returns>How many jobs were handled, completed and failed ones together.</returns>
    /// <exception cref="OperationCanceledException">
    /// The token was cancelled. A job whose handler stopped for it is back in the queue, the attempt not counted.
    /// </exception>
    public async Task<int> DrainAsync(
        JobHandler handler, int workers = 1, string queue = DefaultQueue, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        var handled = await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(handler, queue, cancellationToken)));
        return handled.Sum();
    }

    public async Task<JobCounts> CountAsync(string queue = DefaultQueue, CancellationToken cancellationToken = default)
    {
        await using var command = dataSource.CreateCommand(
            """
            select
                count(*) filter (where state = 'queued'),
                count(*) filter (where state = 'done'),
                count(*) filter (where state = 'dead')
            from jobs
            where queue = $1
            """);
        command.Parameters.Add(new() { Value = queue });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new JobCounts(Queued: reader.GetInt64(0), Done: reader.GetInt64(1), Dead: reader.GetInt64(2));
    }

    /// <summary>Closes the queue's connections. Jobs in hand keep theirs until they are disposed.</summary>
    public ValueTask DisposeAsync() => dataSource.DisposeAsync();

    private async Task<Job?> TakeAsync(NpgsqlConnection connection, string queue, CancellationToken cancellationToken)
    {
        var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            select id, payload, priority, attempts + 1, max_attempts, last_error
            from jobs
            where queue = $1 and state = 'queued' and run_at <= $2
            order by priority desc, id
            limit 1
            for update skip locked
            """,
            connection)
        {
            Parameters = { new() { Value = queue }, new() { Value = options.Time.GetUtcNow() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;

        return new Job(connection, transaction, options)
        {
            Id = reader.GetInt64(0),
            Payload = reader.GetString(1),
            Priority = reader.GetInt32(2),
            Attempt = reader.GetInt32(3),
            MaxAttempts = reader.GetInt32(4),
            LastError = reader.IsDBNull(5) ? null : reader.GetString(5),
        };
    }

    private async Task<int> WorkAsync(JobHandler handler, string queue, CancellationToken cancellationToken)
    {
        var handled = 0;
        while (await DequeueAsync(queue, cancellationToken) is { } job)
        {
            await using (job)
                await HandleAsync(job, handler, cancellationToken);
            handled++;
        }

        return handled;
    }

    private static async Task HandleAsync(Job job, JobHandler handler, CancellationToken cancellationToken)
    {
        try
        {
            await handler(job, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested || exception is not OperationCanceledException)
        {
            // Whatever a handler throws is its job's failure and nobody else's.
            await job.FailAsync(exception.Message, CancellationToken.None);
            return;
        }

        // Without the token, here as above: what the handler has done is recorded even when the drain is being cancelled.
        await job.CompleteAsync(CancellationToken.None);
    }
}
