namespace Workflow.Tests.Fixtures;

internal sealed record RuleFixture(string Ref = "core.echo_webhook")
{
    private NewRule Rule { get; init; } = new(PackId: 0, TriggerId: 0, ActionId: 0, Ref);

    private Pack? Pack { get; init; }

    private Trigger? Trigger { get; init; }

    private Action? Action { get; init; }

    public RuleFixture InPack(Pack pack) => this with { Pack = pack };

    public RuleFixture When(Trigger trigger) => this with { Trigger = trigger };

    public RuleFixture Then(Action action) => this with { Action = action };

    public RuleFixture WithConditions(string json) => this with { Rule = Rule with { Conditions = json } };

    public RuleFixture WithParameters(string json) => this with { Rule = Rule with { Parameters = json } };

    public async Task<Rule> CreateAsync(WorkflowDatabase db)
    {
        var pack = Pack ?? await PackFixture.EnsureAsync(db, Ref);
        var trigger = Trigger ?? await new TriggerFixture().EnsureAsync(db);
        var action = Action ?? await new ActionFixture().EnsureAsync(db);
        return await db.Rules.CreateAsync(Rule with { PackId = pack.Id, TriggerId = trigger.Id, ActionId = action.Id });
    }

    /// <summary>The rule of the fixture's ref, created unless the test has it already.</summary>
    public async Task<Rule> EnsureAsync(WorkflowDatabase db)
        => await db.Rules.FindByRefAsync(Ref) ?? await CreateAsync(db);
}
