namespace SchemaIsolation.Keeper.Postgres;

/// <summary>The connections of one application to one database.</summary>
/// <param name="Database">The database.</param>
/// <param name="Application">The application's name.</param>
/// <param name="Count">How many there are, idle or not.</param>
/// <param name="InTransaction">How many of them are in a transaction, be it that of a running statement.</param>
internal readonly record struct OpenConnections(string Database, string Application, long Count, long InTransaction);
