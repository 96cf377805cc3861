namespace SchemaIsolation.Tests.Unit.Migrations;

/// <summary>A folder of one test's own with the files it names, each empty unless said.</summary>
internal sealed class MigrationDirectory : IDisposable
{
    public MigrationDirectory(params string[] names)
    {
        foreach (var name in names)
            Write(name, "");
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("schema-isolation-migrations-").FullName;

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] content)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string PathOf(string name) => System.IO.Path.Join(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
