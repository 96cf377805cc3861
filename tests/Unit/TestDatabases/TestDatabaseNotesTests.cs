using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Keeper.TestDatabases;

namespace SchemaIsolation.Tests.Unit.TestDatabases;

public sealed class TestDatabaseNotesTests
{
    [Fact]
    public void They_are_read_as_they_were_written()
    {
        var notes = new TestDatabaseNotes
        {
            Migrations = [new("0001_größe.sql", "0123456789abcdef")],
            Seeds = [new("a.sql", "fedcba9876543210")],
            MigratedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Comment = "it's \"ours\"",
        };

        var read = TestDatabaseNotes.TryRead(notes.ToString())!;

        Assert.Equal(notes.Migrations, read.Migrations);
        Assert.Equal(notes.Seeds, read.Seeds);
        Assert.Equal((notes.MigratedAt, notes.Comment), (read.MigratedAt, read.Comment));
    }

    [Fact]
    public void A_database_with_them_is_one_of_tests_whatever_its_name()
        => Assert.True(SweepConsent.IsGiven("shop", new TestDatabaseNotes().ToString()));

    [Theory]
    [InlineData("")]
    [InlineData("the shop's database")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"usedAt\":\"2026-01-01T00:00:00+00:00\"}")]
    [InlineData("{\"mark\":\"another\"}")]
    public void Another_comment_is_none_of_ours(string comment) => Assert.Null(TestDatabaseNotes.TryRead(comment));

    [Fact]
    public void What_somebody_has_cut_is_read_as_far_as_it_goes()
        => Assert.Empty(TestDatabaseNotes.TryRead($$"""{"mark":"{{SweepConsent.Mark}}","migrations":null}""")!.Migrations);
}
