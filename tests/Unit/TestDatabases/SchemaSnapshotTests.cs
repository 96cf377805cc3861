using FsCheck;
using SchemaIsolation.Keeper.TestDatabases;

namespace SchemaIsolation.Tests.Unit.TestDatabases;

public sealed class SchemaSnapshotTests
{
    private static readonly string[] Packs = ["table public.packs", "  column id bigint not null", "  column ref text", "  constraint packs_pkey PRIMARY KEY (id)"];
    private static readonly string[] Items = ["table public.items", "  column id integer"];

    [Fact]
    public void Equal_ones_have_no_difference() => Assert.Empty(SchemaSnapshot.Compare([.. Items, .. Packs], [.. Items, .. Packs]));

    [Fact]
    public void The_order_of_tables_is_no_difference() => Assert.Empty(SchemaSnapshot.Compare([.. Items, .. Packs], [.. Packs, .. Items]));

    [Fact]
    public void A_column_that_is_another_is_told_below_its_table()
        => Assert.Equal(
            ["  table public.packs", "-   column ref text", "+   column ref text not null"],
            SchemaSnapshot.Compare([.. Items, .. Packs], [.. Items, .. Packs.Select(line => line == "  column ref text" ? line + " not null" : line)]));

    [Fact]
    public void A_table_that_is_gone_is_told_whole()
        => Assert.Equal(["- table public.items", "-   column id integer"], SchemaSnapshot.Compare([.. Items, .. Packs], Packs));

    [Fact]
    public void A_table_that_is_new_is_told_whole()
        => Assert.Equal(["+ table public.items", "+   column id integer"], SchemaSnapshot.Compare(Packs, [.. Items, .. Packs]));

    [Fact]
    public void The_order_of_columns_is_a_difference()
        => Assert.Equal(
            ["  table public.packs", "-   column id bigint not null", "+   column id bigint not null"],
            SchemaSnapshot.Compare(Packs, [Packs[0], Packs[2], Packs[1], Packs[3]]));

    [Fact]
    public void What_is_taken_away_and_added_makes_of_any_lines_any_others()
    {
        var lines = Arb.From(Gen.ListOf(Gen.Elements("a", "b", "c")).Select(list => (IReadOnlyList<string>)[.. list]));

        Prop.ForAll(lines, lines, (before, after) => LeadsTo(before, after)).QuickCheckThrowOnFailure();
    }

    private static bool LeadsTo(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var differences = LineDifference.Find(before, after);
        return Sorted(before.Concat(Said('+'))).SequenceEqual(Sorted(after.Concat(Said('-'))));

        IEnumerable<string> Said(char sign) => differences.Where(line => line[0] == sign).Select(line => line[2..]);

        static IEnumerable<string> Sorted(IEnumerable<string> lines) => lines.Order(StringComparer.Ordinal);
    }
}
