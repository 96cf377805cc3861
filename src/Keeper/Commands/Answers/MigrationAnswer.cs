using SchemaIsolation.Keeper.TestDatabases;

namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Database">The test database.</param>
/// <param name="IsNew">Whether it was made.</param>
/// <param name="Ran">The files that were run, in that order.</param>
internal sealed record MigrationAnswer(string Database, bool IsNew, IReadOnlyList<string> Ran)
{
    public static MigrationAnswer? From(string? name, TestDatabaseMigration? migration) => migration is null ? null : new(name!, migration.IsNew, migration.Files);
}
