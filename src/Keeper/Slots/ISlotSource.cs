namespace SchemaIsolation.Keeper.Slots;

/// <summary>Makes slots of one kind, and takes back those it made.</summary>
internal interface ISlotSource
{
    /// <summary>Where the extensions are that a schema slot needs.</summary>
    IReadOnlyList<string> ExtensionSchemas { get; }

    /// <summary>Whether slots of several leases are in one database.</summary>
    bool SharesDatabase { get; }

    /// <summary>Whether connections of a released lease are left to the suite's pools.</summary>
    bool KeepsConnections { get; }

    /// <summary>A slot that cannot be told from one that nobody has used.</summary>
    Task<Slot> TakeAsync(CancellationToken cancellationToken);

    /// <summary>Resets a used slot for another lease, or drops it. Already gone is success: the test may have dropped it.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="lease">Who held it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The slot as the next lease gets it; null when it is gone.</returns>
    Task<Slot?> TakeBackAsync(Slot slot, int lease, CancellationToken cancellationToken);
}
