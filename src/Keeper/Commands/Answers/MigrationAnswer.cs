using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.TestDatabases;

namespace SchemaIsolation.Keeper.Commands.Answers;

/// <param name="Database">The test database.</param>
/// <param name="IsNew">Whether it was made.</param>
/// <param name="Ran">The files that were run, in that order.</param>
/// <param name="Psql">How to connect.</param>
internal sealed record MigrationAnswer(string Database, bool IsNew, IReadOnlyList<string> Ran, string Psql)
{
    public static MigrationAnswer? From(ToolServer server, TestDatabaseMigration? migration)
        => migration is null
            ? null
            : new(server.Options.TestDatabase!, migration.IsNew, migration.Files, DatabaseAddress.ForPeople(server.Postgres, DatabaseName.ForTest(server.Options.TestDatabase!), searchPath: null).Psql);
}
