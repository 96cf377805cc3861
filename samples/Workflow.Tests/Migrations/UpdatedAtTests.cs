using Workflow.Tests.Fixtures;

namespace Workflow.Tests.Migrations;

public sealed class UpdatedAtTests
{
    [Fact]
    public async Task Every_table_but_events_notes_its_last_update()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var tables = await db.ListAsync<string>(
            "select tgrelid::regclass::text from pg_trigger where tgfoid = 'update_updated_at'::regproc order by 1");

        Assert.Equal(
            [
                "actions", "enforcements", "executions", "identities", "inquiries", "keys", "notifications", "packs", "rules", "runtimes",
                "triggers", "workers",
            ],
            tables);
    }

    [Fact]
    public async Task An_update_moves_updated_at_and_keeps_created_at()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture().CreateAsync(db);

        var updated = await db.Packs.UpdateAsync(pack.Id, new PackChanges { Label = "Another label" });

        Assert.True(updated!.UpdatedAt > pack.UpdatedAt);
        Assert.Equal(pack.CreatedAt, updated.CreatedAt);
    }

    [Fact]
    public async Task An_update_that_changes_nothing_keeps_updated_at()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture().WithLabel("Core").CreateAsync(db);

        var updated = await db.Packs.UpdateAsync(pack.Id, new PackChanges { Label = "Core" });

        Assert.Equal(pack.UpdatedAt, updated?.UpdatedAt);
    }

    [Fact]
    public async Task An_update_of_one_row_keeps_the_other_rows()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var core = await new PackFixture("core").CreateAsync(db);
        var slack = await new PackFixture("slack").CreateAsync(db);

        await db.Packs.UpdateAsync(core.Id, new PackChanges { Label = "Another label" });

        Assert.Equal(slack.UpdatedAt, (await db.Packs.FindAsync(slack.Id))?.UpdatedAt);
    }

    [Fact]
    public async Task An_updated_at_that_is_set_by_hand_is_overruled()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture().CreateAsync(db);

        await db.ExecuteAsync("update packs set updated_at = '2020-01-01' where id = @Id", pack);

        Assert.True((await db.Packs.FindAsync(pack.Id))!.UpdatedAt > pack.UpdatedAt);
    }
}
