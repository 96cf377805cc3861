namespace SchemaIsolation.Keeper.Slots;

/// <summary>What became of a slot after its lease.</summary>
/// <param name="Slot">Its name in that lease.</param>
/// <param name="Lease">Who held it; 0 when nobody came to.</param>
/// <param name="StartedAt">When the work on it began; it may have had to wait for its turn.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Next">Its name in the next lease; null when it is gone.</param>
/// <param name="IsFailed">Whether it is left to the end of the session.</param>
internal sealed record SlotReturn(string Slot, int Lease, DateTimeOffset StartedAt, TimeSpan Elapsed, string? Next, bool IsFailed);
