using Npgsql;
using Workflow.Tests.Fixtures;

namespace Workflow.Tests;

public sealed class TriggerTests
{
    [Fact]
    public async Task A_trigger_is_found_by_its_ref()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new TriggerFixture("core.webhook").WithPayload("""{"type": "object"}""").CreateAsync(db);

        var found = await db.Triggers.FindByRefAsync("core.webhook");

        Assert.Equal("""{"type": "object"}""", found?.PayloadSchema);
    }

    [Fact]
    public async Task Triggers_are_listed_by_pack()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var core = await new PackFixture("core").CreateAsync(db);
        await new TriggerFixture("core.webhook").InPack(core).CreateAsync(db);
        await new TriggerFixture("core.timer").InPack(core).CreateAsync(db);
        await new TriggerFixture("slack.message").CreateAsync(db);

        var triggers = await db.Triggers.ListByPackAsync(core.Id);

        Assert.Equal(["core.timer", "core.webhook"], triggers.Select(trigger => trigger.Ref));
    }

    [Fact]
    public async Task A_trigger_is_disabled()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var trigger = await new TriggerFixture().CreateAsync(db);

        var disabled = await db.Triggers.SetEnabledAsync(trigger.Id, enabled: false);

        Assert.False(disabled!.Enabled);
    }

    [Fact]
    public async Task A_second_trigger_of_the_same_ref_is_refused()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new TriggerFixture("core.webhook").CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new TriggerFixture("core.webhook").CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, exception.SqlState);
    }

    [Fact]
    public async Task A_trigger_may_share_its_ref_with_an_action()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new ActionFixture("core.timer").CreateAsync(db);

        var trigger = await new TriggerFixture("core.timer").CreateAsync(db);

        Assert.Equal("core.timer", trigger.Ref);
    }
}
