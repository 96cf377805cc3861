using Npgsql;
using Workflow.Tests.Fixtures;

namespace Workflow.Tests.Migrations;

public sealed class CascadeTests
{
    [Fact]
    public async Task A_deleted_pack_takes_all_its_members_with_it()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture("core").CreateAsync(db);
        await new RuleFixture("core.echo_webhook").CreateAsync(db);
        await new KeyFixture().OwnedBy(pack).CreateAsync(db);

        await db.Packs.DeleteAsync(pack.Id);

        Assert.Equal(0, await db.ScalarAsync<long>("select count(*) from actions"));
        Assert.Equal(0, await db.ScalarAsync<long>("select count(*) from triggers"));
        Assert.Equal(0, await db.ScalarAsync<long>("select count(*) from rules"));
        Assert.Equal(0, await db.ScalarAsync<long>("select count(*) from keys"));
    }

    [Fact]
    public async Task A_pack_whose_action_a_rule_of_another_pack_uses_is_kept()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var slack = await new PackFixture("slack").CreateAsync(db);
        var action = await new ActionFixture("slack.post").InPack(slack).CreateAsync(db);
        await new RuleFixture("core.announce").Then(action).CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => db.Packs.DeleteAsync(slack.Id));

        Assert.Equal(PostgresErrorCodes.ForeignKeyViolation, exception.SqlState);
        Assert.Equal("rules_action_id_fkey", exception.ConstraintName);
    }

    [Fact]
    public async Task A_runtime_outlives_its_pack()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var pack = await new PackFixture().CreateAsync(db);
        var runtime = await new RuntimeFixture().FromPack(pack).CreateAsync(db);

        await db.Packs.DeleteAsync(pack.Id);

        var found = await db.Runtimes.FindAsync(runtime.Id);
        Assert.NotNull(found);
        Assert.Null(found.PackId);
    }

    [Fact]
    public async Task A_runtime_that_workers_run_on_is_kept()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var runtime = await new RuntimeFixture().CreateAsync(db);
        await new WorkerFixture().On(runtime).CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => db.Runtimes.DeleteAsync(runtime.Id));

        // PostgreSQL 18 has a code of its own for "on delete restrict"; those before it report the foreign key.
        Assert.True(exception.SqlState is PostgresErrorCodes.RestrictViolation or PostgresErrorCodes.ForeignKeyViolation);
        Assert.Equal("workers_runtime_id_fkey", exception.ConstraintName);
    }

    [Fact]
    public async Task An_action_outlives_its_runtime()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var runtime = await new RuntimeFixture().CreateAsync(db);
        var action = await new ActionFixture().On(runtime).CreateAsync(db);

        await db.Runtimes.DeleteAsync(runtime.Id);

        var found = await db.Actions.FindAsync(action.Id);
        Assert.NotNull(found);
        Assert.Null(found.RuntimeId);
    }

    [Fact]
    public async Task A_deleted_trigger_takes_its_rules_with_it_and_leaves_its_events()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var trigger = await new TriggerFixture("core.webhook").CreateAsync(db);
        var @event = await new EventFixture().Of(trigger).CreateAsync(db);
        await new RuleFixture("core.announce").When(trigger).CreateAsync(db);

        await db.Triggers.DeleteAsync(trigger.Id);

        var found = await db.Events.FindAsync(@event.Id);
        Assert.Null(found!.TriggerId);
        Assert.Equal("core.webhook", found.TriggerRef);
        Assert.Null(await db.Rules.FindByRefAsync("core.announce"));
    }

    [Fact]
    public async Task An_enforcement_outlives_its_rule()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var rule = await new RuleFixture("core.announce").CreateAsync(db);
        var enforcement = await new EnforcementFixture().Of(rule).CreateAsync(db);

        await db.Rules.DeleteAsync(rule.Id);

        var found = await db.Enforcements.FindAsync(enforcement.Id);
        Assert.Null(found!.RuleId);
        Assert.Equal("core.announce", found.RuleRef);
    }

    [Fact]
    public async Task An_execution_outlives_its_action()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var action = await new ActionFixture("core.echo").CreateAsync(db);
        var execution = await new ExecutionFixture().Of(action).CreateAsync(db);

        await db.Actions.DeleteAsync(action.Id);

        var found = await db.Executions.FindAsync(execution.Id);
        Assert.Null(found!.ActionId);
        Assert.Equal("core.echo", found.ActionRef);
    }

    [Fact]
    public async Task A_deleted_execution_takes_its_family_and_their_inquiries_with_it()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var parent = await new ExecutionFixture().CreateAsync(db);
        var child = await new ExecutionFixture().ChildOf(parent).CreateAsync(db);
        await new InquiryFixture().AskedBy(child).CreateAsync(db);

        await db.ExecuteAsync("delete from executions where id = @Id", parent);

        Assert.Null(await db.Executions.FindAsync(child.Id));
        Assert.Equal(0, await db.ScalarAsync<long>("select count(*) from inquiries"));
    }

    [Fact]
    public async Task An_identity_that_has_requested_executions_is_kept()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var ada = await new IdentityFixture("ada").CreateAsync(db);
        await new ExecutionFixture().RequestedBy(ada).CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(() => db.Identities.DeleteAsync(ada.Id));

        Assert.True(exception.SqlState is PostgresErrorCodes.RestrictViolation or PostgresErrorCodes.ForeignKeyViolation);
        Assert.Equal("executions_requested_by_fkey", exception.ConstraintName);
    }

    [Fact]
    public async Task A_deleted_identity_takes_its_keys_and_notifications_with_it_and_leaves_its_inquiries()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var ada = await new IdentityFixture("ada").CreateAsync(db);
        await new KeyFixture().OwnedBy(ada).CreateAsync(db);
        await new NotificationFixture().To(ada).CreateAsync(db);
        var inquiry = await new InquiryFixture().AssignedTo(ada).CreateAsync(db);

        await db.Identities.DeleteAsync(ada.Id);

        Assert.Equal(0, await db.ScalarAsync<long>("select count(*) from keys"));
        Assert.Equal(0, await db.ScalarAsync<long>("select count(*) from notifications"));
        Assert.Null((await db.Inquiries.FindAsync(inquiry.Id))!.AssignedTo);
    }
}
