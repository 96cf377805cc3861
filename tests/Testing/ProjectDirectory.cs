using System.Text.Json;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Testing;

/// <summary>The directory of a test project that does not exist, for one test. Its migrations are in the folder "migrations", its seeds in "seeds".</summary>
public sealed class ProjectDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("si-project-").FullName;

    /// <summary>Writes <c>migrations/{file}</c>.</summary>
    public ProjectDirectory Migration(string file, string sql) => Write("migrations", file, sql);

    /// <summary>Writes <c>seeds/{file}</c>.</summary>
    public ProjectDirectory Seed(string file, string sql) => Write("seeds", file, sql);

    /// <summary>Writes a file somewhere else, as it is.</summary>
    public ProjectDirectory File(string path, string text)
    {
        var file = System.IO.Path.Combine(Path, path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        System.IO.File.WriteAllText(file, text);
        return this;
    }

    /// <summary>Configures the project, and reads that as the keeper does: no slot is used twice, and a template has two copies, unless the values say otherwise.</summary>
    /// <param name="server">Null for the embedded one.</param>
    /// <param name="values">Further keys.</param>
    internal Options Configure(ServerAddress? server, params (string Key, string Value)[] values)
    {
        var keys = new Dictionary<string, string>(StringComparer.Ordinal) { ["Reuse"] = "Never", ["TemplateCopies"] = "2" };
        if (server is not null)
            keys["Server"] = server.For("postgres").ConnectionString;
        if (Directory.Exists(System.IO.Path.Combine(Path, "seeds")))
            keys["Seeds"] = "seeds";
        foreach (var (key, value) in values)
            keys[key] = value;
        System.IO.File.WriteAllText(System.IO.Path.Combine(Path, ConfigurationLayers.FileName), JsonSerializer.Serialize(keys));
        return OptionsReader.Read(Path, configurationXml: null);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    // The directory's name makes the text, and so the template, this test's alone.
    private ProjectDirectory Write(string folder, string file, string sql)
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Path, folder));
        System.IO.File.WriteAllText(System.IO.Path.Combine(Path, folder, file), $"{sql}\n-- {System.IO.Path.GetFileName(Path)}\n");
        return this;
    }
}
