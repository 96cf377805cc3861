namespace SchemaIsolation.Keeper.Migrations;

/// <summary>Reads the scripts that fill the migrated tables.</summary>
internal static class SeedFiles
{
    /// <param name="path">The absolute path of a file, or of a folder whose <c>.sql</c> files run in ordinal order of their names.</param>
    /// <exception cref="SchemaIsolationException">
    /// SI1201: nothing is there; SI1202: a folder without <c>.sql</c> files; SI1205: a file cannot be read.
    /// </exception>
    public static IReadOnlyList<MigrationFile> Read(string path)
    {
        if (File.Exists(path))
            return [SqlFolder.Read(path, Path.GetFileName(path))];
        if (!Directory.Exists(path))
            throw new SchemaIsolationException("SI1201", $"The seed file or folder \"{path}\" does not exist. Correct the path or create it.");

        var names = SqlFolder.List(path);
        if (names.Count == 0)
            throw new SchemaIsolationException("SI1202", $"The seed folder \"{path}\" holds no file that ends in \".sql\". Add one or correct the path.");

        return [.. names.Select(name => SqlFolder.Read(Path.Join(path, name), name))];
    }
}
