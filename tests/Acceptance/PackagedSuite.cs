using System.Text.Json;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>A copy of the suite "Packaged", with embedded servers of its own, run where no PostgreSQL is installed.</summary>
internal sealed class PackagedSuite
{
    // Where Debian has PostgreSQL, for the run and what it starts alone: only root may hide a directory.
    private static readonly string[] Hidden =
        OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && System.IO.Directory.Exists("/usr/lib/postgresql")
            ? ["unshare", "--mount", "sh", "-c", "mount -t tmpfs tmpfs /usr/lib/postgresql && exec \"$@\"", "sh"]
            : ["env"];

    private readonly SuiteRun suite;
    private readonly string root;
    private readonly string servers;

    public PackagedSuite(SuiteRun suite)
    {
        this.suite = suite;
        root = Path.Combine(Path.GetDirectoryName(suite.Directory)!, "servers");
        servers = System.IO.Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(suite.Directory)!, "started")).FullName;
        suite.Environment.Remove("SCHEMAISOLATION__ServerBinaries");
        suite.Environment["SCHEMAISOLATION__ServerDirectory"] = root;
        suite.Environment["PACKAGED_SERVERS"] = servers;
        suite.Environment["PACKAGED_RUNS"] = "1";
    }

    public void Keep(string time) => suite.Environment["SCHEMAISOLATION__KeepServer"] = time;

    public Task<CommandResult> TestAsync(params string[] arguments)
        => Dotnet.RunAsync(Hidden[0], suite.Directory, [.. Hidden[1..], "dotnet", "test", "--no-build", "-nologo", "--collect:SchemaIsolation", .. arguments], suite.Environment);

    public JsonElement ReadReport() => suite.ReadReport();

    /// <summary>When the servers were started on which the tests ran, as each test saw it.</summary>
    public IReadOnlyList<string> ReadStartTimes() => [.. System.IO.Directory.EnumerateFiles(servers).Select(File.ReadAllText)];

    /// <summary>Runs a verb of the tool.</summary>
    public Task<CommandResult> ToolAsync(BuiltSuites suites, params string[] verb)
        => Dotnet.RunAsync(suite.Directory, ["exec", suites.Keeper, .. verb], suite.Environment);

    public Task<CommandResult> ServerAsync(BuiltSuites suites, params string[] verb) => ToolAsync(suites, ["server", .. verb]);

    /// <summary>What is left in the directory of the embedded server.</summary>
    public IReadOnlyList<string?> ListServerFiles()
        => [.. System.IO.Directory.EnumerateFileSystemEntries(Path.Combine(root, "18-package")).Select(Path.GetFileName).Order(StringComparer.Ordinal)];

    /// <summary>Waits until no keeper of a run is left that was started in the suite's directory.</summary>
    public Task WaitForKeepersAsync() => Keepers.UntilGoneAsync(servers);

    public void RemoveProject() => File.Delete(FindProject());

    /// <summary>Makes a solution of so many projects like it, and builds that.</summary>
    public async Task MultiplyAsync(int count)
    {
        (await Dotnet.RunAsync(suite.Directory, ["new", "sln", "--name", "Solution", "--format", "sln"])).MustSucceed();
        var projects = new List<string>();
        foreach (var output in new[] { "bin", "obj" })
            System.IO.Directory.Delete(Path.Combine(suite.Directory, output), recursive: true);
        var original = FindProject();
        for (var number = 1; number <= count; number++)
        {
            var project = System.IO.Directory.CreateDirectory(Path.Combine(suite.Directory, $"Packaged{number}")).FullName;
            File.Copy(original, Path.Combine(project, $"Packaged{number}.csproj"));
            File.Copy(Path.Combine(suite.Directory, "PackagedTests.cs"), Path.Combine(project, "PackagedTests.cs"));
            projects.Add(project);
        }

        File.Delete(original);
        File.Delete(Path.Combine(suite.Directory, "PackagedTests.cs"));
        (await Dotnet.RunAsync(suite.Directory, ["sln", "add", .. projects])).MustSucceed();
        (await Dotnet.RunAsync(suite.Directory, ["build", "-nologo", "-v", "quiet", "-p:UseSharedCompilation=false", .. BuiltSuites.Versions])).MustSucceed();
        suite.Environment["PACKAGED_RUNS"] = count.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private string FindProject() => System.IO.Directory.GetFiles(suite.Directory, "*.csproj").Single();
}
