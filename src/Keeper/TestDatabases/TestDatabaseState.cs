using SchemaIsolation.Keeper.Migrations;

namespace SchemaIsolation.Keeper.TestDatabases;

/// <summary>How a test database stands to the project's migrations.</summary>
/// <param name="Notes">What we have done there; null where nothing of ours is known.</param>
/// <param name="Pending">Migrations that have not been run, in the order in which they will be.</param>
/// <param name="Strays">Migrations that were run and are another now, or gone, or would have had to be run before others: in words.</param>
internal sealed record TestDatabaseState(TestDatabaseNotes? Notes, IReadOnlyList<MigrationFile> Pending, IReadOnlyList<string> Strays)
{
    /// <param name="notes">What was run there; null for nothing.</param>
    /// <param name="migrations">What is to be run, in its order.</param>
    public static TestDatabaseState Compare(TestDatabaseNotes? notes, IReadOnlyList<MigrationFile> migrations)
    {
        var applied = (notes?.Migrations ?? []).ToDictionary(file => file.Name, file => file.Hash, StringComparer.Ordinal);
        var pending = new List<MigrationFile>();
        var strays = new List<string>();
        foreach (var migration in migrations)
        {
            var isRepeatable = MigrationFolder.IsRepeatable(migration.Name);
            if (!applied.Remove(migration.Name, out var hash))
                pending.Add(migration);
            else if (hash == AppliedFile.Of(migration).Hash)
                strays.AddRange(isRepeatable ? [] : pending.Where(before => !MigrationFolder.IsRepeatable(before.Name)).Select(before => $"\"{before.Name}\" comes before \"{migration.Name}\", which was run").Take(1));
            else if (isRepeatable)
                pending.Add(migration);
            else
                strays.Add($"\"{migration.Name}\" has changed since it was run");
        }

        strays.AddRange(applied.Keys.Order(StringComparer.Ordinal).Select(name => $"\"{name}\" was run and is gone"));
        return new TestDatabaseState(notes, pending, [.. strays.Distinct(StringComparer.Ordinal)]);
    }
}
