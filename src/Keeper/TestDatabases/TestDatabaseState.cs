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
    /// <param name="projectDirectory">Where the files' names start.</param>
    public static TestDatabaseState Compare(TestDatabaseNotes? notes, IReadOnlyList<MigrationFile> migrations, string projectDirectory)
    {
        var applied = (notes?.Migrations ?? []).ToDictionary(file => file.Name, file => file.Hash, StringComparer.Ordinal);
        var pending = new List<MigrationFile>();
        var strays = new List<string>();
        foreach (var migration in migrations)
        {
            var isRepeatable = MigrationFolder.IsRepeatable(migration.Name);
            var current = AppliedFile.Of(migration, projectDirectory);
            if (!applied.Remove(current.Name, out var hash))
                pending.Add(migration);
            else if (hash == current.Hash)
                strays.AddRange(isRepeatable ? [] : pending.Where(before => IsBefore(before, migration)).Select(before => $"\"{AppliedFile.NameOf(before, projectDirectory)}\" comes before \"{current.Name}\", which was run").Take(1));
            else if (isRepeatable)
                pending.Add(migration);
            else
                strays.Add($"\"{current.Name}\" has changed since it was run");
        }

        strays.AddRange(applied.Keys.Order(StringComparer.Ordinal).Select(name => $"\"{name}\" was run and is gone"));
        return new TestDatabaseState(notes, pending, [.. strays.Distinct(StringComparer.Ordinal)]);
    }

    // Each folder has an order of its own: one that comes first can have a new file after all of another were run.
    private static bool IsBefore(MigrationFile pending, MigrationFile applied)
        => !MigrationFolder.IsRepeatable(pending.Name) && FolderOf(pending) == FolderOf(applied);

    private static string FolderOf(MigrationFile file) => file.Path[..^file.Name.Length];
}
