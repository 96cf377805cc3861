using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;

namespace SchemaIsolation.Tests.Unit.Slots;

public sealed class OutsideObjectsTests
{
    private static readonly DatabaseName Database = DatabaseName.ForSession(new SessionId(1), 1);

    private readonly OutsideObjects outside = new();

    private string Found => string.Join("; ", outside.Found.Select(found => $"{found.Name} by {string.Join(',', found.Leases)}"));

    [Fact]
    public void What_a_look_finds_was_made_by_one_of_those_who_were_there()
    {
        outside.Hold(Database, 1);
        outside.Hold(Database, 2);
        outside.Release(Database, 1);

        outside.BeginLook(Database)(["schema x"]);

        Assert.Equal("schema x by 1,2", Found);
    }

    [Fact]
    public void What_was_there_before_was_not_made_by_those_who_came_later()
    {
        outside.Hold(Database, 1);
        outside.Release(Database, 1);
        outside.BeginLook(Database)(["schema x"]);
        outside.Hold(Database, 2);
        outside.Release(Database, 2);

        outside.BeginLook(Database)(["schema x", "schema y"]);

        Assert.Equal("schema x by 1; schema y by 2", Found);
    }

    [Fact]
    public void What_is_gone_was_cleaned_up()
    {
        outside.Hold(Database, 1);
        outside.Hold(Database, 2);
        outside.Release(Database, 1);
        outside.BeginLook(Database)(["schema x"]);
        outside.Release(Database, 2);

        outside.BeginLook(Database)([]);

        Assert.Equal("", Found);
    }

    [Fact]
    public void A_look_that_ends_after_a_younger_one_is_not_believed()
    {
        outside.Hold(Database, 1);
        outside.Release(Database, 1);
        var elder = outside.BeginLook(Database);
        outside.BeginLook(Database)(["schema x"]);

        elder([]);

        Assert.Equal("schema x by 1", Found);
    }

    [Fact]
    public void A_lease_that_ends_during_a_look_is_looked_at_again()
    {
        outside.Hold(Database, 1);
        var look = outside.BeginLook(Database);
        outside.Release(Database, 1);

        look([]);

        Assert.Equal([Database], outside.Unseen);
        outside.BeginLook(Database)(["schema x"]);
        Assert.Equal("schema x by 1", Found);
        Assert.Empty(outside.Unseen);
    }

    [Fact]
    public void What_nobody_can_have_made_is_nobodys()
    {
        outside.BeginLook(Database)(["schema x"]);

        Assert.Equal("schema x by ", Found);
    }
}
