using SchemaIsolation.Keeper.Leases;
using Xunit;

namespace SchemaIsolation.Tests.Unit.Leases;

public sealed class TestOutcomesTests
{
    private readonly TestOutcomes outcomes = new();

    [Theory]
    [InlineData("PackTests.Fails")]
    [InlineData("Outer.Fails")]
    [InlineData("Fails")]
    public void A_lease_that_is_called_like_a_test_ended_as_that_did(string lease)
    {
        Add("Some.Outer+PackTests.Fails", "Failed");

        Assert.Equal("Failed", outcomes.Of(lease));
    }

    [Fact]
    public void Rows_that_ended_alike_have_one_outcome_and_others_none()
    {
        Add("Some.PackTests.Rows", "Passed");
        Add("Some.PackTests.Rows", "Passed");
        Assert.Equal("Passed", outcomes.Of("PackTests.Rows"));

        Add("Some.PackTests.Rows", "Failed");
        Add("Some.PackTests.Rows", "Failed");
        Assert.Null(outcomes.Of("PackTests.Rows"));
    }

    [Fact]
    public void A_fixture_s_lease_has_none()
    {
        Add("Some.PackTests.Passes", "Passed");

        Assert.Null(outcomes.Of("PackTests"));
    }

    private void Add(string test, string outcome) => outcomes.Add(TestCaseName.Parse(test), outcome);
}
