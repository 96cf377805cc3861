using System.Text.Json;
using System.Xml.Linq;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>What is there of a failed test after its run, and for how long; on a server where no other run sweeps.</summary>
public sealed class KeepFailedTests(TestServer server, BuiltSuites suites) : IClassFixture<TestServer>
{
    private const string Failed = "Leaves_a_row_and_breaks";

    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    [Fact]
    public async Task A_failed_test_s_database_is_kept_attached_to_its_result_inspected_and_swept_when_due()
    {
        var suite = suites.Copy("Probe", server);
        suite.Environment["SCHEMAISOLATION__KeepFailed"] = "1";
        suite.Environment["SCHEMAISOLATION__KeepFailedFor"] = "00:00:30";

        var run = await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName~Leaves_a_row", "--logger", "trx;LogFileName=run.trx");
        var report = suite.ReadReport();
        var kept = Assert.Single(report.GetProperty("kept").EnumerateArray());
        var database = kept.GetProperty("database").GetString()!;
        var listed = await suite.ListOnServerAsync(report.GetProperty("session").GetString()!);
        var inspected = await RunKeeperAsync(suite, "inspect", "row_and_breaks", "--print");
        var refused = await RunKeeperAsync(suite, "inspect", "no such test");
        var early = await RunKeeperAsync(suite, "sweep");
        await Eventually.TrueAsync(() => Task.FromResult(DateTimeOffset.UtcNow > kept.GetProperty("until").GetDateTimeOffset()));
        var due = await RunKeeperAsync(suite, "sweep");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Failed:     1, Passed:     1", run.Output, StringComparison.Ordinal);
        var attached = ReadAttachments(suite);
        Assert.Equal([$"Probe.KeptTests.{Failed}"], attached.Keys);
        Assert.Contains($"dbname={database}", attached.Values.Single(), StringComparison.Ordinal);
        Assert.Contains($"`test_1.widgets`: 1 added\n\n```diff\n+ (id '3', name '{Failed}')", attached.Values.Single(), StringComparison.Ordinal);
        Assert.Equal([database], listed);
        Assert.Equal(0, report.GetProperty("counts").GetProperty("left").GetInt32());
        Assert.Contains($"dbname={database}", inspected.MustSucceed().Output, StringComparison.Ordinal);
        Assert.Contains($"+ (id '3', name '{Failed}')", inspected.Output, StringComparison.Ordinal);
        Assert.Contains("SI2014", refused.Output, StringComparison.Ordinal);
        Assert.Contains($"keeps {database} of failed Probe.KeptTests.{Failed}", early.MustSucceed().Output, StringComparison.Ordinal);
        Assert.Contains($"dropped {database}", due.MustSucceed().Output, StringComparison.Ordinal);
        Assert.Empty(await suite.ListOnServerAsync(report.GetProperty("session").GetString()!));
    }

    [Fact]
    public async Task A_run_without_a_failed_test_keeps_nothing()
    {
        var suite = suites.Copy("Probe", server);
        suite.Environment["SCHEMAISOLATION__KeepFailed"] = "1";

        var run = await suite.TestAsync("--collect:SchemaIsolation", "--filter", "DisplayName=Probe.KeptTests.Leaves_a_row");

        run.MustSucceed();
        Assert.Empty(suite.ReadReport().GetProperty("kept").EnumerateArray());
        Assert.Empty(await suite.ListOnServerAsync(suite.ReadReport().GetProperty("session").GetString()!));
    }

    [Fact]
    public async Task A_run_that_is_killed_leaves_nothing_but_what_it_had_kept()
    {
        await using var alone = new TestServer();
        await alone.InitializeAsync();
        var suite = suites.Copy("Probe", alone);
        suite.Environment["SCHEMAISOLATION__KeepFailed"] = "1";
        await using var run = ProbeRun.Start(suite, alone, $"{ProbeRun.Holds}|DisplayName~{Failed}");
        await run.WaitUntilLeasedAsync();
        await Eventually.TrueAsync(async () => (await run.Remains.ListOnServerAsync()).Any(IsKept));

        run.KillGroup();

        await Eventually.TrueAsync(async () => (await run.Remains.ListAsync()).All(IsKept));
        var kept = Assert.Single(await run.Remains.ListOnServerAsync());
        Assert.Equal("3", await Psql.RunAsync(alone.Address, kept, "select count(*) from test_1.widgets"));
    }

    private static bool IsKept(string name) => name.StartsWith("si_k_", StringComparison.Ordinal);

    private Task<CommandResult> RunKeeperAsync(SuiteRun suite, params string[] arguments)
        => Dotnet.RunAsync(suite.Directory, ["exec", suites.Keeper, .. arguments], suite.Environment);

    /// <returns>What is attached to each test's own result, by the test's name.</returns>
    private static Dictionary<string, string> ReadAttachments(SuiteRun suite)
        => XDocument.Load(Path.Combine(suite.Directory, "TestResults", "run.trx")).Descendants(Trx + "UnitTestResult")
            .SelectMany(result => result.Descendants(Trx + "A").Select(link => (Test: result.Attribute("testName")!.Value, File: Path.GetFileName(link.Attribute("href")!.Value))))
            .ToDictionary(
                attached => attached.Test,
                attached => File.ReadAllText(Directory.EnumerateFiles(Path.Combine(suite.Directory, "TestResults"), attached.File, SearchOption.AllDirectories).First()),
                StringComparer.Ordinal);
}
