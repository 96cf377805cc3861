using Npgsql;
using Workflow.Tests.Fixtures;

namespace Workflow.Tests;

public sealed class EnforcementTests
{
    [Fact]
    public async Task An_enforcement_takes_ref_and_parameters_from_its_rule()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var rule = await new RuleFixture("core.announce").WithParameters("""{"channel": "#ops"}""").CreateAsync(db);

        var enforcement = await new EnforcementFixture().Of(rule).CreateAsync(db);

        Assert.Equal("core.announce", enforcement.RuleRef);
        Assert.Equal("""{"channel": "#ops"}""", enforcement.Parameters);
        Assert.Equal(EnforcementStatus.Created, enforcement.Status);
    }

    [Fact]
    public async Task A_rule_is_set_off_once_for_each_event()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var rule = await new RuleFixture().CreateAsync(db);
        var @event = await new EventFixture().CreateAsync(db);
        await new EnforcementFixture().Of(rule).After(@event).CreateAsync(db);

        var exception = await Assert.ThrowsAsync<PostgresException>(
            () => new EnforcementFixture().Of(rule).After(@event).CreateAsync(db));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, exception.SqlState);
        Assert.Equal("enforcements_rule_event_key", exception.ConstraintName);
    }

    [Fact]
    public async Task An_enforcement_is_processed()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var enforcement = await new EnforcementFixture().CreateAsync(db);

        var processed = await db.Enforcements.MarkProcessedAsync(enforcement.Id);

        Assert.Equal(EnforcementStatus.Processed, processed?.Status);
    }

    [Fact]
    public async Task A_rejected_enforcement_is_not_processed_any_more()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var enforcement = await new EnforcementFixture().CreateAsync(db);
        await db.Enforcements.RejectAsync(enforcement.Id);

        var processed = await db.Enforcements.MarkProcessedAsync(enforcement.Id);

        Assert.Null(processed);
        Assert.Equal(EnforcementStatus.Rejected, (await db.Enforcements.FindAsync(enforcement.Id))?.Status);
    }

    [Fact]
    public async Task Enforcements_are_listed_by_status()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var rejected = await new EnforcementFixture().CreateAsync(db);
        var waiting = await new EnforcementFixture().CreateAsync(db);
        await db.Enforcements.RejectAsync(rejected.Id);

        var enforcements = await db.Enforcements.ListAsync(EnforcementStatus.Created);

        Assert.Equal([waiting.Id], enforcements.Select(enforcement => enforcement.Id));
    }
}
