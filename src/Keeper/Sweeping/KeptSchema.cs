namespace SchemaIsolation.Keeper.Sweeping;

/// <param name="Name">A schema that matches.</param>
/// <param name="Reason">Why it was not dropped.</param>
internal sealed record KeptSchema(string Name, string Reason);
