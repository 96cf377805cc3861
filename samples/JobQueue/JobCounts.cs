namespace Jobs;

/// <summary>How many jobs of a queue are in which state.</summary>
/// <param name="Queued">Waiting, whether due or delayed, or being handled right now.</param>
/// <param name="Done">Completed.</param>
/// <param name="Dead">Failed as often as they may.</param>
public sealed record JobCounts(long Queued, long Done, long Dead);
