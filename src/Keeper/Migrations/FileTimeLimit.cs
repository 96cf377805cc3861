using Npgsql;

namespace SchemaIsolation.Keeper.Migrations;

/// <summary>The time that one file may take, counted from the making of this.</summary>
internal sealed class FileTimeLimit : IDisposable
{
    private readonly TimeSpan limit;
    private readonly CancellationToken cancellation;
    private readonly CancellationTokenSource source;
    private readonly long started = TimeProvider.System.GetTimestamp();

    public FileTimeLimit(TimeSpan limit, CancellationToken cancellationToken)
    {
        this.limit = limit;
        cancellation = cancellationToken;
        source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        source.CancelAfter(limit);
    }

    /// <summary>Cancelled when the time is over, and when the caller gives up.</summary>
    public CancellationToken Token => source.Token;

    public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(started);

    /// <summary>For waits that no token can end.</summary>
    /// <value>At least 1, because a stream takes 0 for no limit; <see cref="Timeout.Infinite"/> when there is none.</value>
    public int RemainingMilliseconds
        => limit == Timeout.InfiniteTimeSpan ? Timeout.Infinite : (int)Math.Clamp((limit - Elapsed).TotalMilliseconds, 1, int.MaxValue);

    /// <summary>Whether the exception is the work of this limit, not of the caller's token or of the server.</summary>
    public bool Caused(Exception exception) => exception switch
    {
        OperationCanceledException => source.IsCancellationRequested && !cancellation.IsCancellationRequested,
        NpgsqlException { InnerException: TimeoutException } => true,
        _ => false,
    };

    public SchemaIsolationException ToException(MigrationFile file, Exception innerException)
        => new("SI1210", $"The migration \"{file.Name}\" did not end within its time limit of \"{limit}\". Make it faster or raise the limit.", innerException);

    public void Dispose() => source.Dispose();
}
