using System.Text.RegularExpressions;

namespace SchemaIsolation.Tests.Acceptance;

/// <summary>The same suite in four frameworks, whose fixtures docs/frameworks.md shows.</summary>
public sealed class FrameworkTests(FrameworksRun run) : IClassFixture<FrameworksRun>
{
    private const string Xunit2 = "Library.Xunit2.Tests";
    private const string Xunit3 = "Library.Xunit3.Tests";
    private const string NUnit = "Library.NUnit.Tests";
    private const string MSTest = "Library.MSTest.Tests";

    [Fact]
    public void Every_framework_passes_in_one_solution()
    {
        Assert.Equal(4, Regex.Count(run.Output, "Passed!  - Failed:     0, Passed:     9, Skipped:     0"));
    }

    [Theory]
    [InlineData(Xunit2)]
    [InlineData(Xunit3)]
    [InlineData(NUnit)]
    [InlineData(MSTest)]
    public void The_report_names_the_test_the_class_or_the_fixture_of_each_lease(string project)
    {
        var leases = run.Suite.ReadReport(project).GetProperty("leases").EnumerateArray()
            .Select(lease => $"{lease.GetProperty("kind").GetString()} of {lease.GetProperty("test").GetString()}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "database of StocktakingTests.Only_one_takes_stock",
                "schema of Catalogue",
                "schema of LendingTests.A_book_is_lent_to_one_reader_at_a_time",
                "schema of LendingTests.A_lent_book_is_not_available",
                "schema of ReturningTests",
            ],
            leases);
    }

    [Theory]
    [InlineData(Xunit2)]
    [InlineData(Xunit3)]
    [InlineData(NUnit)]
    [InlineData(MSTest)]
    public async Task A_framework_leaves_nothing(string project)
    {
        var report = run.Suite.ReadReport(project);

        Assert.Equal(0, report.GetProperty("counts").GetProperty("left").GetInt32());

        // A connection that is closed right before the release lives on for a moment at the server, longer on a busy machine.
        Assert.DoesNotContain(report.GetProperty("leaks").EnumerateArray(), leak => !leak.GetProperty("what").GetString()!.Contains("all idle", StringComparison.Ordinal));
        Assert.All(report.GetProperty("leases").EnumerateArray(), lease => Assert.True(lease.GetProperty("isReleased").GetBoolean()));
        Assert.Empty(await run.Suite.ListOnServerAsync(report.GetProperty("session").GetString()!));
    }

    [Theory]
    [InlineData("schema")]
    [InlineData("database")]
    public void A_template_is_built_by_one_session_and_reused_by_the_others(string kind)
    {
        var templates = new[] { Xunit2, Xunit3, NUnit, MSTest }
            .SelectMany(project => run.Suite.ReadReport(project).GetProperty("templates").EnumerateArray())
            .Where(template => template.GetProperty("kind").GetString() == kind)
            .ToList();

        Assert.Equal(4, templates.Count);
        Assert.Single(templates.Select(template => template.GetProperty("name").GetString()).Distinct());
        Assert.Single(templates, template => !template.GetProperty("isReused").GetBoolean());
    }
}
