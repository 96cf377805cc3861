namespace Workflow.Tests.Fixtures;

internal sealed record ActionFixture(string Ref = "core.echo")
{
    private NewAction Action { get; init; } = new(PackId: 0, Ref, Label: "An action", Entrypoint: "main.py");

    private Pack? Pack { get; init; }

    public ActionFixture InPack(Pack pack) => this with { Pack = pack };

    public ActionFixture On(Runtime runtime) => this with { Action = Action with { RuntimeId = runtime.Id } };

    public ActionFixture WithLabel(string label) => this with { Action = Action with { Label = label } };

    public ActionFixture WithDescription(string description) => this with { Action = Action with { Description = description } };

    public ActionFixture WithEntrypoint(string entrypoint) => this with { Action = Action with { Entrypoint = entrypoint } };

    public ActionFixture WithParameters(string schema) => this with { Action = Action with { ParameterSchema = schema } };

    public ActionFixture Disabled() => this with { Action = Action with { Enabled = false } };

    public async Task<Action> CreateAsync(WorkflowDatabase db)
    {
        var pack = Pack ?? await PackFixture.EnsureAsync(db, Ref);
        return await db.Actions.CreateAsync(Action with { PackId = pack.Id });
    }

    /// <summary>The action of the fixture's ref, created unless the test has it already.</summary>
    public async Task<Action> EnsureAsync(WorkflowDatabase db)
        => await db.Actions.FindByRefAsync(Ref) ?? await CreateAsync(db);
}
