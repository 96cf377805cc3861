namespace SchemaIsolation.Keeper.Resets;

/// <param name="Id">Its object id, the same in every clone.</param>
/// <param name="Name">With its schema, quoted.</param>
/// <param name="Value">Where it stands.</param>
/// <param name="IsCalled">Whether that value was given out.</param>
internal sealed record PristineSequence(uint Id, string Name, long Value, bool IsCalled);
