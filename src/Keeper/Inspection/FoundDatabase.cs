namespace SchemaIsolation.Keeper.Inspection;

/// <param name="Name">A database whose name is like ours.</param>
/// <param name="Owner">The role that made it.</param>
/// <param name="Since">Since when it is there; null where our role may not know.</param>
internal sealed record FoundDatabase(string Name, string Owner, DateTimeOffset? Since);
