namespace SchemaIsolation.Keeper.Slots;

/// <summary>Makes slots that have a database of their own, which can be kept instead of being taken back.</summary>
internal interface IOwnDatabases : ISlotSource
{
    /// <summary>Ends what is still connected to a used slot, and gives the database a name that nothing knows.</summary>
    Task<Slot> FenceAsync(Slot slot, CancellationToken cancellationToken);

    /// <returns>What is in a slot, and what of it its lease has changed: Markdown.</returns>
    Task<string> DescribeAsync(Slot slot, CancellationToken cancellationToken);

    /// <summary>Says that a fenced slot will not come back.</summary>
    ValueTask ForgetAsync(Slot slot);
}
