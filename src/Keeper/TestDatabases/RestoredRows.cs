namespace SchemaIsolation.Keeper.TestDatabases;

/// <param name="Tables">How many were emptied.</param>
/// <param name="Filled">How many of them the migrations and seeds fill, and were filled again.</param>
internal sealed record RestoredRows(int Tables, int Filled);
