using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Tests.Unit.Sweeping;

public sealed class SweepConsentTests
{
    [Theory]
    [InlineData("test")]
    [InlineData("tests")]
    [InlineData("TEST")]
    [InlineData("app_test")]
    [InlineData("App-Tests")]
    [InlineData("test_app")]
    [InlineData("app.test.eu")]
    [InlineData("test1")]
    [InlineData("app2test3")]
    [InlineData("contest_test")]
    public void A_database_named_as_one_of_tests_may_be_swept(string database)
    {
        Assert.True(SweepConsent.IsGiven(database, comment: ""));
    }

    [Theory]
    [InlineData("app")]
    [InlineData("")]
    [InlineData("latest")]
    [InlineData("contest")]
    [InlineData("contest_2026")]
    [InlineData("attestation")]
    [InlineData("testing")]
    [InlineData("app_testdata")]
    [InlineData("AppTest")]
    [InlineData("test\n")]
    [InlineData("protests")]
    public void Any_other_may_not(string database)
    {
        Assert.False(SweepConsent.IsGiven(database, comment: "the test database"));
    }

    [Fact]
    public void A_database_marked_by_its_comment_may_be_swept()
    {
        Assert.True(SweepConsent.IsGiven("app", comment: "Of team A; schema-isolation: test"));
    }
}
