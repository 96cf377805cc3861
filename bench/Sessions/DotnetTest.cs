using System.Diagnostics;
using SchemaIsolation.Bench.Servers;
using SchemaIsolation.Bench.Suites;

namespace SchemaIsolation.Bench.Sessions;

/// <summary>The whole <c>dotnet test</c> of one trivial test, as built before.</summary>
internal sealed class DotnetTest(BenchServer server, Suite suite)
{
    private static readonly string Project = Path.Combine(RepositoryFiles.Projects, "Trivial");
    private static readonly string EmptyCollector = Path.Combine(RepositoryFiles.Projects, "EmptyCollector", "bin", "Release", "netstandard2.0");

    /// <summary>What is compared: the arguments by the name of the way.</summary>
    public static IReadOnlyList<(string Name, string[] Arguments)> Ways { get; } =
    [
        (NoCollector, ["--filter", "FullyQualifiedName~Does_nothing"]),
        (WithEmptyCollector, ["--filter", "FullyQualifiedName~Does_nothing", "--test-adapter-path", EmptyCollector, "--collect", "Empty"]),
        ("ours, no lease", ["--filter", "FullyQualifiedName~Does_nothing", "--collect", "SchemaIsolation"]),
        (WithLease, ["--filter", "FullyQualifiedName~Leases", "--collect", "SchemaIsolation"]),
    ];

    public const string NoCollector = "no collector";
    public const string WithEmptyCollector = "empty collector";
    public const string WithLease = "ours, one lease";

    /// <exception cref="InvalidOperationException">The run was red; with what it wrote.</exception>
    public async Task<DotnetTestTime> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var results = Path.Combine(server.Temporary, "results");
        var startInfo = new ProcessStartInfo(
            "dotnet", ["test", Project, "-c", "Release", "--no-build", "-nologo", "--results-directory", results, .. arguments])
        {
            WorkingDirectory = server.Temporary,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in startInfo.Environment.Keys.Where(name => name.StartsWith("SCHEMAISOLATION", StringComparison.OrdinalIgnoreCase)).ToList())
            startInfo.Environment.Remove(name);
        startInfo.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        startInfo.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        startInfo.Environment["TMPDIR"] = server.Temporary;
        startInfo.Environment["SCHEMAISOLATION__Server"] = server.ConnectionString("postgres");
        startInfo.Environment["SCHEMAISOLATION__Migrations"] = suite.Migrations;

        var processor = ChildrensProcessor.Read();
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(startInfo)!;
        await using var kill = cancellationToken.Register(() => process.Kill(entireProcessTree: true));
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        var whole = Stopwatch.GetElapsedTime(start);
        if (process.ExitCode != 0 || !(await output).Contains("Passed!", StringComparison.Ordinal))
            throw new InvalidOperationException($"\"dotnet test {string.Join(' ', arguments)}\" failed: {await output}{await error}");
        return new DotnetTestTime(whole.TotalMilliseconds, (ChildrensProcessor.Read() - processor)?.TotalMilliseconds);
    }
}
