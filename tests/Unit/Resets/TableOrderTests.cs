using SchemaIsolation.Keeper.Resets;

namespace SchemaIsolation.Tests.Unit.Resets;

public sealed class TableOrderTests
{
    [Fact]
    public void A_table_comes_before_those_it_refers_to()
    {
        var order = TableOrder.ReferringFirst([Table(1), Table(2), Table(3)], [(From: 2, To: 1), (From: 3, To: 2)]);

        Assert.Equal([3u, 2u, 1u], order.Select(table => table.Id));
    }

    [Fact]
    public void Tables_in_a_cycle_are_all_there()
    {
        var order = TableOrder.ReferringFirst([Table(1), Table(2), Table(3)], [(From: 1, To: 2), (From: 2, To: 1), (From: 3, To: 1)]);

        Assert.Equal(3, order.Count);
        Assert.Equal(3u, order.First(table => table.Id is 3 or 1).Id);
    }

    [Fact]
    public void What_refers_to_a_table_and_is_none_itself_is_left_out()
    {
        var order = TableOrder.ReferringFirst([Table(1)], [(From: 9, To: 1)]);

        Assert.Equal(1u, Assert.Single(order).Id);
    }

    private static PristineTable Table(uint id) => new(id, $"t{id}", IsMaterialized: false, Size: 0, ToastSize: 0, Pages: 0, Tuples: 0, Visible: 0, File: 0);
}
