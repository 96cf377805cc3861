namespace SchemaIsolation.Keeper.Slots;

/// <summary>A slot that was taken out of use, because it could not be proved equal to one that nobody has used.</summary>
/// <param name="Slot">Its name.</param>
/// <param name="Lease">Who held it last.</param>
/// <param name="Reason">What that one changed, or what kept it from being proved.</param>
internal sealed record RetiredSlot(string Slot, int Lease, string Reason);
