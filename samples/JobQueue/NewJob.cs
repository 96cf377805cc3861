namespace Jobs;

/// <summary>A job to enqueue.</summary>
/// <param name="Payload">What the handler gets: any JSON value.</param>
public sealed record NewJob(string Payload)
{
    /// <summary>The queue it goes to; <see cref="JobQueue.DefaultQueue"/> unless set.</summary>
    public string Queue { get; init; } = JobQueue.DefaultQueue;

    /// <summary>Higher comes first, whatever its age; 0 unless set.</summary>
    public int Priority { get; init; }

    /// <summary>The earliest time of its first attempt, or null for at once.</summary>
    public DateTimeOffset? RunAt { get; init; }

    /// <summary>How often it is tried before it is dead, 1 or more; 5 unless set.</summary>
    public int MaxAttempts { get; init; } = 5;
}
