using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Tests.Unit.Sweeping;

public sealed class KeptNotesTests
{
    private static readonly DateTimeOffset Until = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    private static readonly KeptNotes Notes = new()
    {
        Tests = ["N.PackTests.Creates", "N.PackTests.Drops"],
        Project = "/src/Pack.Tests",
        KeptAt = Until - TimeSpan.FromDays(1),
        Until = Until,
        SearchPath = "test_1,public",
        Found = "### Rows\n\n'é' <&>",
    };

    [Fact]
    public void What_is_written_is_read_again()
    {
        var read = KeptNotes.TryRead(Notes.ToString())!;

        Assert.Equal(Notes.Tests, read.Tests);
        Assert.Equal(Notes with { Tests = read.Tests }, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("do not drop")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("null")]
    [InlineData("{\"tests\":null,\"project\":\"p\",\"found\":\"\"}")]
    [InlineData("{\"usedAt\":\"2026-01-01T00:00:00+00:00\"}")]
    public void Another_comment_is_none_of_ours(string comment) => Assert.Null(KeptNotes.TryRead(comment));

    [Fact]
    public void A_database_is_due_at_the_end_of_its_time()
    {
        var kept = new KeptDatabase(DatabaseName.ForKept(SessionId.New(), 1), Notes);

        Assert.False(kept.IsDue(Until - TimeSpan.FromTicks(1)));
        Assert.True(kept.IsDue(Until));
    }

    [Fact]
    public void A_database_of_which_nothing_is_known_is_due()
        => Assert.True(new KeptDatabase(DatabaseName.ForKept(SessionId.New(), 1), Notes: null).IsDue(DateTimeOffset.MinValue));

    [Theory]
    [InlineData("creates", true)]
    [InlineData("PackTests", true)]
    [InlineData("si_k_0a1b2c3d_7", true)]
    [InlineData("si_k_0a1b2c3d", false)]
    [InlineData("other", false)]
    public void A_database_is_found_by_its_name_or_a_part_of_its_tests(string name, bool isFound)
        => Assert.Equal(isFound, new KeptDatabase(DatabaseName.ForKept(SessionId.Parse("0a1b2c3d"), 7), Notes).IsOf(name));
}
