namespace SchemaIsolation.Tests.Conventions;

public sealed class PublicApiTests
{
    private const string Approved = "tests/Conventions/PublicApi.txt";

    [Fact]
    public void The_public_members_of_Abstractions_are_those_that_were_approved()
    {
        var approved = SourceTree.Read(Approved).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        var actual = PublicApi.Of(typeof(IsolatedSchema).Assembly);

        var differences = approved.Except(actual).Select(line => "- " + line).Concat(actual.Except(approved).Select(line => "+ " + line)).ToList();
        Assert.True(
            differences.Count == 0,
            $"The public API has changed. If it was meant to, say so in CHANGELOG.md and make these changes in {Approved}, which is sorted:\n{string.Join('\n', differences)}");
    }

    [Fact]
    public void What_was_approved_is_sorted()
    {
        var approved = SourceTree.Read(Approved).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(approved.Order(StringComparer.Ordinal), approved);
    }
}
