namespace SchemaIsolation.Keeper.Slots;

/// <summary>Makes slots of one kind, and drops those it made.</summary>
internal interface ISlotSource
{
    /// <summary>Whether a slot needs what extensions have put into <c>public</c>.</summary>
    bool HasExtensions { get; }

    /// <summary>A slot that nobody has used and nobody else gets.</summary>
    Task<Slot> TakeAsync(CancellationToken cancellationToken);

    /// <summary>Drops a used slot. Already gone is success: the test may have dropped it.</summary>
    Task DropAsync(Slot slot, CancellationToken cancellationToken);
}
