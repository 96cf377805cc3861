using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Testing;
using SchemaIsolation.Tests.Unit.Servers;

namespace SchemaIsolation.Tests.Unit.Reporting;

[Collection(nameof(ProcessCollection))]
public sealed class RunHistoryTests : IDisposable
{
    private const string Project = "/src/App.Tests/";

    private readonly string directory = Directory.CreateTempSubdirectory("si-history-").FullName;
    private readonly ManualTimeProvider time = new();
    private readonly List<string> failures = [];

    private RunHistory History => new(Path.Join(directory, "history"), () => { }, time);

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task A_run_finds_those_before_it()
    {
        await AddAsync(1);
        await AddAsync(2);

        var earlier = await AddAsync(3);

        Assert.Equal([SampleReports.Run(1, leases: 5), SampleReports.Run(2, leases: 5)], earlier);
        Assert.Empty(failures);
    }

    [Fact]
    public async Task The_last_50_are_kept()
    {
        for (var number = 1; number <= 60; number++)
            await AddAsync(number);

        var earlier = await AddAsync(61);

        Assert.Equal(Enumerable.Range(11, 50).Select(number => SampleReports.Run(number, leases: 5)), earlier);
    }

    [Fact]
    public async Task Each_project_has_its_own()
    {
        await AddAsync(1);

        var earlier = await History.AddAsync("/elsewhere/App.Tests", SampleReports.Run(2, leases: 5), failures.Add);

        Assert.Empty(earlier);
    }

    [Fact]
    public async Task Sessions_that_end_at_once_lose_no_run()
    {
        await Task.WhenAll(Enumerable.Range(1, 20).Select(AddAsync));

        var earlier = await AddAsync(21);

        Assert.Equal(Enumerable.Range(1, 20).Select(number => $"{number:x8}"), earlier.Select(run => run.Session).Order(StringComparer.Ordinal));
        Assert.Empty(failures);
    }

    [Theory]
    [InlineData("{\"session\":\"1\",\"star")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("no run")]
    public async Task A_broken_line_is_told_and_left_out(string line)
    {
        await AddAsync(1);
        await File.AppendAllTextAsync(History.FileOf(Project), line + "\n");
        await AddAsync(2);

        var earlier = await AddAsync(3);

        Assert.Equal([SampleReports.Run(1, leases: 5), SampleReports.Run(2, leases: 5)], earlier);
        Assert.Equal([$"Lines of \"{History.FileOf(Project)}\" that are no runs, and that are left out: 1."], failures);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_told()
    {
        await File.WriteAllTextAsync(Path.Join(directory, "history"), "a file");

        var earlier = await AddAsync(1);

        Assert.Empty(earlier);
        Assert.Single(failures);
    }

    [Fact]
    public async Task What_can_only_be_read_is_read_all_the_same()
    {
        await AddAsync(1);
        Directory.CreateDirectory(History.FileOf(Project) + ".new");

        var earlier = await AddAsync(2);

        Assert.Equal([SampleReports.Run(1, leases: 5)], earlier);
        Assert.Single(failures);
    }

    [Fact]
    public async Task Projects_that_nobody_has_run_for_long_are_forgotten()
    {
        await AddAsync(1);
        time.Advance(DateTimeOffset.UnixEpoch.AddYears(200) - time.GetUtcNow());

        await History.AddAsync("/elsewhere/App.Tests", SampleReports.Run(2, leases: 5), failures.Add);

        Assert.False(File.Exists(History.FileOf(Project)));
    }

    private Task<IReadOnlyList<ReportedRun>> AddAsync(int number) => History.AddAsync(Project, SampleReports.Run(number, leases: 5), failures.Add);
}
