using SchemaIsolation.Keeper;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Tests.Unit.Templates;

public sealed class TemplateNotesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void What_is_written_is_read()
    {
        var notes = new TemplateNotes
        {
            SchemaRefusal = NotedRefusal.From(new SchemaIsolationException("SI1208", "It is so.")),
            StrategyName = "WalLog",
            UsedAt = Now,
            Comment = "The shop's",
        };

        Assert.Equal(notes, TemplateNotes.Read(notes.ToString()));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData("The shop's", "The shop's")]
    [InlineData("{", "{")]
    [InlineData("null", "null")]
    [InlineData("[1]", "[1]")]
    [InlineData("""{"comment":"theirs"}""", """{"comment":"theirs"}""")]
    [InlineData("""{"usedAt":"yesterday"}""", """{"usedAt":"yesterday"}""")]
    public void A_comment_that_is_none_of_ours_is_the_migrations(string? comment, string expected)
    {
        var notes = TemplateNotes.Read(comment);

        Assert.Equal(new TemplateNotes { Comment = expected }, notes);
    }

    [Fact]
    public void Notes_of_an_earlier_version_are_ours()
    {
        var notes = TemplateNotes.Read("""{"schemaRefusal":{"code":"SI1208","reason":"It is so."},"comment":"The shop's"}""");

        Assert.Equal("It is so.", notes.SchemaRefusal!.Reason);
        Assert.Equal("The shop's", notes.Comment);
        Assert.Null(notes.UsedAt);
    }

    [Fact]
    public void A_strategy_of_a_later_version_is_not_known_and_the_rest_is_read()
    {
        var notes = TemplateNotes.Read("""{"strategy":"Telepathy","usedAt":"2026-01-01T00:00:00+00:00","mood":"good"}""");

        Assert.Null(notes.Strategy);
        Assert.Equal("", notes.Comment);
        Assert.Equal(Now, notes.UsedAt);
    }

    [Fact]
    public void A_strategy_is_known_by_its_name()
        => Assert.Equal(CloneStrategy.FileClone, TemplateNotes.Read("""{"strategy":"FileClone"}""").Strategy);

    [Theory]
    [InlineData(0, false)]
    [InlineData(-59, false)]
    [InlineData(-60, true)]
    [InlineData(59, false)]
    [InlineData(60, true)]
    public void A_use_is_noted_again_after_a_while_or_when_it_was_noted_by_a_wrong_clock(int usedAfterMinutes, bool isStale)
    {
        var notes = new TemplateNotes { UsedAt = Now + TimeSpan.FromMinutes(usedAfterMinutes) };

        Assert.Equal(isStale, notes.AreStale(Now, Hour));
    }

    [Fact]
    public void A_use_that_was_never_noted_is_to_be_noted() => Assert.True(new TemplateNotes().AreStale(Now, Hour));
}
