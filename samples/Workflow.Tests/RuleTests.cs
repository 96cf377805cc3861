using Npgsql;
using Workflow.Tests.Fixtures;

namespace Workflow.Tests;

public sealed class RuleTests
{
    [Fact]
    public async Task A_rule_ties_a_trigger_to_an_action()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var trigger = await new TriggerFixture("core.webhook").CreateAsync(db);
        var action = await new ActionFixture("slack.post").CreateAsync(db);

        var rule = await new RuleFixture("chat.announce").When(trigger).Then(action).CreateAsync(db);

        Assert.Equal(trigger.Id, rule.TriggerId);
        Assert.Equal(action.Id, rule.ActionId);
        Assert.True(rule.Enabled);
    }

    [Fact]
    public async Task Active_rules_are_listed_by_ref()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var trigger = await new TriggerFixture().CreateAsync(db);
        await new RuleFixture("core.second").When(trigger).CreateAsync(db);
        await new RuleFixture("core.first").When(trigger).CreateAsync(db);
        await new RuleFixture("core.other").When(await new TriggerFixture("core.timer").CreateAsync(db)).CreateAsync(db);

        var rules = await db.Rules.ListActiveAsync(trigger.Id);

        Assert.Equal(["core.first", "core.second"], rules.Select(rule => rule.Ref));
    }

    [Fact]
    public async Task A_disabled_rule_is_not_active()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var rule = await new RuleFixture().CreateAsync(db);
        await db.Rules.SetEnabledAsync(rule.Id, enabled: false);

        var rules = await db.Rules.ListActiveAsync(rule.TriggerId);

        Assert.Empty(rules);
    }

    [Fact]
    public async Task A_rule_of_a_disabled_trigger_is_not_active()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var rule = await new RuleFixture().CreateAsync(db);
        await db.Triggers.SetEnabledAsync(rule.TriggerId, enabled: false);

        var rules = await db.Rules.ListActiveAsync(rule.TriggerId);

        Assert.Empty(rules);
    }

    [Fact]
    public async Task A_rule_of_a_disabled_action_is_not_active()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var rule = await new RuleFixture().CreateAsync(db);
        await db.Actions.DisableAsync(rule.ActionId);

        var rules = await db.Rules.ListActiveAsync(rule.TriggerId);

        Assert.Empty(rules);
    }

    [Fact]
    public async Task Conditions_that_are_no_array_are_refused()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => new RuleFixture().WithConditions("{}").CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.CheckViolation, exception.SqlState);
        Assert.Equal("rules_conditions_is_array", exception.ConstraintName);
    }

    [Fact]
    public async Task A_deleted_rule_keeps_its_trigger_and_its_action()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var rule = await new RuleFixture().CreateAsync(db);

        var deleted = await db.Rules.DeleteAsync(rule.Id);

        Assert.True(deleted);
        Assert.NotNull(await db.Triggers.FindByRefAsync("core.webhook"));
        Assert.NotNull(await db.Actions.FindByRefAsync("core.echo"));
    }
}
