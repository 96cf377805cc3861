namespace SchemaIsolation.Keeper.Inspection;

/// <param name="Table">With its schema, quoted where it needs to be.</param>
/// <param name="Rows">How many there are, counted.</param>
internal sealed record TableCount(string Table, long Rows);
