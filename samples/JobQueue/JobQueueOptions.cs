namespace Jobs;

/// <summary>What a queue can be told when it is opened.</summary>
public sealed record JobQueueOptions
{
    /// <summary>Tells which jobs are due; the system clock unless set.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long a job waits after its n-th failed attempt; 10 s, 20 s, 40 s… up to an hour unless set.</summary>
    public Func<int, TimeSpan> BackOff { get; init; } =
        attempt => TimeSpan.FromSeconds(Math.Min(10 * Math.Pow(2, attempt - 1), 3600));
}
