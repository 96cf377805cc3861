using SchemaIsolation.Keeper.Resets;

namespace SchemaIsolation.Tests.Unit.Resets;

public sealed class RowDifferenceTests
{
    [Fact]
    public void Rows_with_a_key_are_added_removed_or_changed()
    {
        var difference = Find(key: [0], before: [["1", "a"], ["2", "b"], ["3", "c"]], after: [["2", "b"], ["3", null], ["4", "d"]]);

        Assert.Equal("1 added, 1 removed, 1 changed", difference.Summary);
        Assert.Equal(["~ (id '3') text 'c' → null", "+ (id '4', text 'd')", "- (id '1', text 'a')"], difference.Lines);
    }

    [Fact]
    public void Rows_without_a_key_are_compared_as_a_whole_and_counted()
    {
        var difference = Find(key: [], before: [["1", "a"], ["1", "a"]], after: [["1", "a"], ["1", "a"], ["1", "a"], ["2", null]]);

        Assert.Equal("2 added", difference.Summary);
        Assert.Equal(["+ (id '1', text 'a')", "+ (id '2', text null)"], difference.Lines);
    }

    [Fact]
    public void The_same_rows_in_another_order_are_no_difference()
        => Assert.Empty(Find(key: [], before: [["1", "a"], ["2", "b"]], after: [["2", "b"], ["1", "a"]]).Summary);

    [Fact]
    public void Values_are_kept_apart_whatever_is_in_them()
        => Assert.Equal("1 added, 1 removed", Find(key: [], before: [["1:a", "b"]], after: [["1", ":ab"]]).Summary);

    [Fact]
    public void Null_is_not_a_text() => Assert.Equal("1 changed", Find(key: [0], before: [["1", null]], after: [["1", "null"]]).Summary);

    [Fact]
    public void A_value_stays_on_its_line_and_is_cut()
    {
        var difference = Find(key: [0], before: [], after: [["1", "it's\n```\n" + new string('x', 100)]]);

        Assert.Equal([$"+ (id '1', text 'it''s⏎```⏎{new string('x', 51)}…')"], difference.Lines);
    }

    [Fact]
    public void The_first_rows_are_told_and_how_many_more_there_are()
    {
        var difference = Find(key: [0], before: [], after: [.. Enumerable.Range(1, 25).Select(id => new[] { $"{id}", "a" })]);

        Assert.Equal("25 added", difference.Summary);
        Assert.Equal(21, difference.Lines.Count);
        Assert.Equal("… and 5 more", difference.Lines[20]);
    }

    private static RowDifference Find(int[] key, string?[][] before, string?[][] after)
        => RowDifference.Find(new TableRows(["id", "text"], key, before), new TableRows(["id", "text"], key, after));
}
