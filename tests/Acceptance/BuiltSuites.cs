using System.Reflection;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>The packages of this tree, and the suites built against them outside the repository; tests run copies.</summary>
public sealed class BuiltSuites : IAsyncLifetime
{
    public static readonly string RepositoryRoot = Metadata("RepositoryRoot");

    // Set by build/reliability.sh alone, which runs the same suites many times: where the first run builds them.
    private static readonly string? Kept = Environment.GetEnvironmentVariable("RELIABILITY_SUITES");

    private readonly string root = Kept ?? ReachableDirectory.Create();

    /// <summary>The PostgreSQL in the server package.</summary>
    public static string ServerVersion => Metadata("ServerVersion");

    /// <summary>Which versions of the packages a suite is built against.</summary>
    internal static IReadOnlyList<string> Versions => [$"-p:PackageVersion={Metadata("PackageVersion")}", $"-p:ServerPackageVersion={ServerVersion}.0"];

    /// <summary>The keeper in the restored package, which is its command line too.</summary>
    public string Keeper => Path.Combine(root, "packages", "schemaisolation.collector", Metadata("PackageVersion"), "keeper", "SchemaIsolation.Keeper.dll");

    /// <summary>Where the packed tool is installed.</summary>
    public string Tools => Path.Combine(root, "tools");

    public async ValueTask InitializeAsync()
    {
        if (Directory.Exists(Built("Probe")))
            return;

        (await Dotnet.RunAsync(Path.Combine(RepositoryRoot, "build", "pack.sh"), RepositoryRoot, [])).MustSucceed();
        await File.WriteAllTextAsync(
            Path.Combine(root, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="packages" /></config>
              <packageSources><add key="packed" value="{Path.Combine(RepositoryRoot, "artifacts", "packages")}" /></packageSources>
            </configuration>
            """);
        (await Dotnet.RunAsync(root, ["tool", "install", "SchemaIsolation.Tool", "--tool-path", Tools, "--version", Metadata("PackageVersion")])).MustSucceed();
        await BuildAsync("Probe");
        await BuildAsync("OwnSchemas");
        await BuildAsync("Injected");
        await BuildAsync("Packaged");
    }

    /// <summary>A copy of a built suite that one test may change and run.</summary>
    internal SuiteRun Copy(string suite, TestServer server, string? directoryName = null)
    {
        var copy = Path.Combine(Directory.CreateDirectory(Path.Combine(Copies, Guid.NewGuid().ToString("N"))).FullName, directoryName ?? suite);
        CopyDirectory(Built(suite), copy);
        return new SuiteRun(copy, server);
    }

    /// <summary>A sample with the pins and properties that it has in the repository, built for the one who asks.</summary>
    internal async Task<SuiteRun> BuildSampleAsync(string sample, TestServer server)
    {
        var tree = Path.Combine(Copies, Guid.NewGuid().ToString("N"));
        foreach (var file in new[] { "Directory.Packages.props", "build/Version.props", "samples/Directory.Build.props" })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(tree, file))!);
            File.Copy(Path.Combine(RepositoryRoot, file), Path.Combine(tree, file));
        }

        var copy = Path.Combine(tree, "samples", sample);
        CopyDirectory(Path.Combine(RepositoryRoot, "samples", sample), copy);

        // Of former packages, which had the same version.
        foreach (var output in Directory.EnumerateDirectories(copy, "*", SearchOption.AllDirectories).Where(IsOutput).ToList())
            Directory.Delete(output, recursive: true);
        (await Dotnet.RunAsync(copy, ["build", "-nologo", "-v", "quiet", "-p:UseSharedCompilation=false", $"-p:RestorePackagesPath={Path.Combine(root, "packages")}"]))
            .MustSucceed();
        return new SuiteRun(copy, server);
    }

    public async ValueTask DisposeAsync()
    {
        await Keepers.UntilGoneAsync(Copies);
        Directory.Delete(Kept is null ? root : Copies, recursive: true);
    }

    private string Copies => Path.Combine(root, "copies");

    private async Task BuildAsync(string suite)
    {
        CopyDirectory(Path.Combine(RepositoryRoot, "tests", "Acceptance", "Suites", suite), Built(suite));
        (await Dotnet.RunAsync(Built(suite), ["build", "-nologo", "-v", "quiet", "-p:UseSharedCompilation=false", .. Versions]))
            .MustSucceed();
    }

    private string Built(string suite) => Path.Combine(root, "built", suite);

    private static string Metadata(string key)
        => typeof(BuiltSuites).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    private static bool IsOutput(string directory) => Path.GetFileName(directory) is "bin" or "obj";

    private static void CopyDirectory(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var directory in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, directory)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
    }
}
