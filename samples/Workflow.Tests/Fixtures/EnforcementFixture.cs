namespace Workflow.Tests.Fixtures;

internal sealed record EnforcementFixture
{
    private Rule? Rule { get; init; }

    private Event? Event { get; init; }

    public EnforcementFixture Of(Rule rule) => this with { Rule = rule };

    public EnforcementFixture After(Event @event) => this with { Event = @event };

    public async Task<Enforcement> CreateAsync(WorkflowDatabase db)
    {
        var rule = Rule ?? await new RuleFixture().EnsureAsync(db);
        var @event = Event ?? await new EventFixture().CreateAsync(db);
        return await db.Enforcements.CreateAsync(rule.Id, @event.Id);
    }
}
