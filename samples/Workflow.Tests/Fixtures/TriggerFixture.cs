namespace Workflow.Tests.Fixtures;

internal sealed record TriggerFixture(string Ref = "core.webhook")
{
    private NewTrigger Trigger { get; init; } = new(PackId: 0, Ref, Label: "A trigger");

    private Pack? Pack { get; init; }

    public TriggerFixture InPack(Pack pack) => this with { Pack = pack };

    public TriggerFixture WithPayload(string schema) => this with { Trigger = Trigger with { PayloadSchema = schema } };

    public async Task<Trigger> CreateAsync(WorkflowDatabase db)
    {
        var pack = Pack ?? await PackFixture.EnsureAsync(db, Ref);
        return await db.Triggers.CreateAsync(Trigger with { PackId = pack.Id });
    }

    /// <summary>The trigger of the fixture's ref, created unless the test has it already.</summary>
    public async Task<Trigger> EnsureAsync(WorkflowDatabase db)
        => await db.Triggers.FindByRefAsync(Ref) ?? await CreateAsync(db);
}
