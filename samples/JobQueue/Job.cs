using Npgsql;

namespace Jobs;

/// <summary>A job in hand. Complete it or fail it; disposed without either, it is back in its queue as if never taken.</summary>
/// <remarks>
/// It is held by a transaction on a connection of its own, so a process that dies gives its jobs back.
/// The price is a connection per job in hand, and a vacuum that waits for handlers which take hours.
/// </remarks>
public sealed class Job : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private readonly JobQueueOptions options;
    private int settled;

    internal Job(NpgsqlConnection connection, NpgsqlTransaction transaction, JobQueueOptions options)
    {
        this.connection = connection;
        this.transaction = transaction;
        this.options = options;
    }

    public required long Id { get; init; }

    public required string Payload { get; init; }

    public required int Priority { get; init; }

    /// <summary>1 for the first attempt.</summary>
    public required int Attempt { get; init; }

    public required int MaxAttempts { get; init; }

    /// <summary>Why the attempt before this one failed, or null at the first.</summary>
    public required string? LastError { get; init; }

    /// <exception cref="InvalidOperationException">It was completed or failed before.</exception>
    public Task CompleteAsync(CancellationToken cancellationToken = default)
        => SettleAsync(
            new NpgsqlCommand("update jobs set state = 'done', attempts = $2 where id = $1", connection)
            {
                Parameters = { new() { Value = Id }, new() { Value = Attempt } },
            },
            cancellationToken);

    /// <summary>Lets the job wait for its next attempt, or die when this was the last.</summary>
    /// <exception cref="InvalidOperationException">It was completed or failed before.</exception>
    public Task FailAsync(string error, CancellationToken cancellationToken = default)
        => SettleAsync(
            new NpgsqlCommand("update jobs set state = $3, attempts = $2, run_at = $4, last_error = $5 where id = $1", connection)
            {
                Parameters =
                {
                    new() { Value = Id },
                    new() { Value = Attempt },
                    new() { Value = Attempt < MaxAttempts ? "queued" : "dead" },
                    new() { Value = options.Time.GetUtcNow() + options.BackOff(Attempt) },
                    new() { Value = error },
                },
            },
            cancellationToken);

    // A connection that is closed rolls its open transaction back.
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task SettleAsync(NpgsqlCommand update, CancellationToken cancellationToken)
    {
        await using (update)
        {
            if (Interlocked.Exchange(ref settled, 1) != 0)
                throw new InvalidOperationException($"Job {Id} was completed or failed before.");

            await update.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }
}
