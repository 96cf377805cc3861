using Workflow.Tests.Fixtures;

namespace Workflow.Tests;

public sealed class KeyTests
{
    [Fact]
    public async Task A_key_that_is_set_again_has_the_new_value()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var first = await new KeyFixture("api.token").WithValue("old").CreateAsync(db);

        var second = await new KeyFixture("api.token").WithValue("new").Encrypted().CreateAsync(db);

        Assert.Equal(first.Id, second.Id);
        Assert.Equal("new", second.Value);
        Assert.True(second.Encrypted);
    }

    [Fact]
    public async Task The_same_name_means_another_key_for_each_owner()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var ada = await new IdentityFixture("ada").CreateAsync(db);
        var core = await new PackFixture("core").CreateAsync(db);
        await new KeyFixture("api.token").WithValue("of ada").OwnedBy(ada).CreateAsync(db);
        await new KeyFixture("api.token").WithValue("of core").OwnedBy(core).CreateAsync(db);
        await new KeyFixture("api.token").WithValue("of everybody").CreateAsync(db);

        var shared = await db.Keys.FindSharedAsync("api.token");

        Assert.Equal("of everybody", shared?.Value);
    }

    [Fact]
    public async Task The_key_of_a_pack_comes_before_the_shared_one()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var core = await new PackFixture("core").CreateAsync(db);
        await new KeyFixture("api.token").WithValue("shared").CreateAsync(db);
        await new KeyFixture("api.token").WithValue("own").OwnedBy(core).CreateAsync(db);

        var key = await db.Keys.ResolveForPackAsync(core.Id, "api.token");

        Assert.Equal("own", key?.Value);
    }

    [Fact]
    public async Task A_pack_without_a_key_of_its_own_uses_the_shared_one()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var core = await new PackFixture("core").CreateAsync(db);
        await new KeyFixture("api.token").WithValue("shared").CreateAsync(db);

        var key = await db.Keys.ResolveForPackAsync(core.Id, "api.token");

        Assert.Equal("shared", key?.Value);
    }

    [Fact]
    public async Task Keys_are_listed_by_identity()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var ada = await new IdentityFixture("ada").CreateAsync(db);
        await new KeyFixture("ssh.key").OwnedBy(ada).CreateAsync(db);
        await new KeyFixture("api.token").OwnedBy(ada).CreateAsync(db);
        await new KeyFixture("mail.token").OwnedBy(await new IdentityFixture("bob").CreateAsync(db)).CreateAsync(db);

        var keys = await db.Keys.ListByIdentityAsync(ada.Id);

        Assert.Equal(["api.token", "ssh.key"], keys.Select(key => key.Name));
    }

    [Fact]
    public async Task A_deleted_key_is_gone()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var key = await new KeyFixture("api.token").CreateAsync(db);

        var deleted = await db.Keys.DeleteAsync(key.Id);

        Assert.True(deleted);
        Assert.Null(await db.Keys.FindSharedAsync("api.token"));
    }
}
