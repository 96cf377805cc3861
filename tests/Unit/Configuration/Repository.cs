using SchemaIsolation.Keeper.Configuration;

namespace SchemaIsolation.Tests.Unit.Configuration;

/// <summary>A repository of one test's own, with a test project in its folder "App.Tests".</summary>
internal sealed class Repository : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("si-repository-").FullName;

    public Repository()
    {
        Directory.CreateDirectory(PathOf(".git"));
        Directory.CreateDirectory(Project);
    }

    public string Project => PathOf("App.Tests");

    public string PathOf(string name) => Path.GetFullPath(Path.Join(root, name));

    public string Write(string name, string text)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>The options of the test project.</summary>
    public Options Read(string? configurationXml = null) => OptionsReader.Read(Project, configurationXml);

    /// <summary>The refusal of the test project's options.</summary>
    public SchemaIsolationException Refusal(string? configurationXml = null)
        => Assert.Throws<SchemaIsolationException>(() => Read(configurationXml));

    public void Dispose() => Directory.Delete(root, recursive: true);
}
