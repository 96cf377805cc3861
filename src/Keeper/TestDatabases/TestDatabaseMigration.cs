namespace SchemaIsolation.Keeper.TestDatabases;

/// <param name="IsNew">Whether the database was made for it.</param>
/// <param name="Files">What was run, in that order.</param>
/// <param name="RanMigrator">Whether a program migrated, too.</param>
internal sealed record TestDatabaseMigration(bool IsNew, IReadOnlyList<string> Files, bool RanMigrator);
