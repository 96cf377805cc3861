using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Keeper.TestDatabases;

namespace SchemaIsolation.Tests.Unit.TestDatabases;

public sealed class TestDatabaseStateTests
{
    private static readonly MigrationFile One = new("/m/V1__one.sql", "V1__one.sql", "select 1");
    private static readonly MigrationFile Two = new("/m/V2__two.sql", "V2__two.sql", "select 2");
    private static readonly MigrationFile Views = new("/m/R__views.sql", "R__views.sql", "select 3");

    [Fact]
    public void Where_nothing_was_run_everything_is_pending()
    {
        var state = TestDatabaseState.Compare(notes: null, [One, Two, Views], "/m");

        Assert.Equal([One, Two, Views], state.Pending);
        Assert.Empty(state.Strays);
    }

    [Fact]
    public void What_was_run_as_it_is_is_not_pending()
    {
        var state = TestDatabaseState.Compare(After(One), [One, Two], "/m");

        Assert.Equal([Two], state.Pending);
        Assert.Empty(state.Strays);
    }

    [Fact]
    public void A_migration_that_has_changed_since_it_was_run_is_a_stray()
    {
        var state = TestDatabaseState.Compare(After(One, Two), [One with { Text = "select 0" }, Two], "/m");

        Assert.Empty(state.Pending);
        Assert.Equal(["\"V1__one.sql\" has changed since it was run"], state.Strays);
    }

    [Fact]
    public void A_repeatable_migration_that_has_changed_is_pending_again()
    {
        var changed = Views with { Text = "select 0" };

        var state = TestDatabaseState.Compare(After(One, Views), [One, Two, changed], "/m");

        Assert.Equal([Two, changed], state.Pending);
        Assert.Empty(state.Strays);
    }

    [Fact]
    public void A_migration_that_was_run_and_is_gone_is_a_stray()
    {
        var state = TestDatabaseState.Compare(After(One, Two), [One], "/m");

        Assert.Equal(["\"V2__two.sql\" was run and is gone"], state.Strays);
    }

    [Fact]
    public void A_migration_that_belongs_before_one_that_was_run_is_a_stray()
    {
        var state = TestDatabaseState.Compare(After(Two), [One, Two], "/m");

        Assert.Equal(["\"V1__one.sql\" comes before \"V2__two.sql\", which was run"], state.Strays);
    }

    [Fact]
    public void A_repeatable_migration_that_was_run_keeps_no_new_one_from_coming_before_it()
    {
        var state = TestDatabaseState.Compare(After(One, Views), [One, Two, Views], "/m");

        Assert.Equal([Two], state.Pending);
        Assert.Empty(state.Strays);
    }

    [Fact]
    public void Folders_have_names_and_an_order_of_their_own()
    {
        var (shop, crm) = (new MigrationFile("/m/shop/1_init.sql", "1_init.sql", "select 1"), new MigrationFile("/m/crm/1_init.sql", "1_init.sql", "select 2"));
        var second = new MigrationFile("/m/shop/2_more.sql", "2_more.sql", "select 3");

        var state = TestDatabaseState.Compare(After(shop, crm), [shop, second, crm], "/m");

        Assert.Equal([second], state.Pending);
        Assert.Empty(state.Strays);
    }

    private static TestDatabaseNotes After(params MigrationFile[] files) => new() { Migrations = [.. files.Select(file => AppliedFile.Of(file, "/m"))] };
}
