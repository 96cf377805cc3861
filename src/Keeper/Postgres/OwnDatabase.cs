namespace SchemaIsolation.Keeper.Postgres;

/// <param name="Name">Its name, which is one of ours.</param>
/// <param name="IsPublished">Whether it is a finished template: marked as one, and closed to connections.</param>
internal readonly record struct OwnDatabase(DatabaseName Name, bool IsPublished);
