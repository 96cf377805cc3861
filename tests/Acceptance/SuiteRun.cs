using System.Text.Json;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>One copy of a suite, and the ways a user runs it.</summary>
internal sealed class SuiteRun(string directory, TestServer server)
{
    private Dictionary<string, string>? environment;

    public string Directory => directory;

    /// <summary>The runs' own temporary directory, so that what they leave there is found.</summary>
    public string Temporary { get; } = System.IO.Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(directory)!, "tmp")).FullName;

    /// <summary>The environment of every run: a server of the tests' own, and a temporary directory.</summary>
    public Dictionary<string, string> Environment => environment ??= new(server.Variables) { ["TMPDIR"] = Temporary };

    public void Write(string file, string content)
    {
        var path = Path.Combine(directory, file);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
    }

    /// <summary>Runs <c>dotnet test</c> on the suite's project as it was built.</summary>
    public Task<CommandResult> TestAsync(params string[] arguments)
        => Dotnet.RunAsync(directory, ["test", "--no-build", "-nologo", .. arguments], Environment);

    /// <summary>The report attached to the last run.</summary>
    /// <param name="project">Which one's, where the suite is a solution.</param>
    public JsonElement ReadReport(string project = "")
    {
        var results = new DirectoryInfo(Path.Combine(directory, project, "TestResults"));
        var file = results.EnumerateFiles("schema-isolation.json", SearchOption.AllDirectories).MaxBy(report => report.LastWriteTimeUtc);
        Assert.NotNull(file);
        return JsonDocument.Parse(File.ReadAllText(file.FullName)).RootElement;
    }

    /// <summary>What the server lists of a session.</summary>
    public Task<IReadOnlyList<string>> ListOnServerAsync(string session) => server.ListDatabasesOfAsync(session);
}
