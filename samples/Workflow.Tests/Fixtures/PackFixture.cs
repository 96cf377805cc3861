namespace Workflow.Tests.Fixtures;

internal sealed record PackFixture(string Ref = "core")
{
    private NewPack Pack { get; init; } = new(Ref, Label: "A pack", Version: "1.0.0");

    public PackFixture WithLabel(string label) => this with { Pack = Pack with { Label = label } };

    public PackFixture WithDescription(string description) => this with { Pack = Pack with { Description = description } };

    public PackFixture WithVersion(string version) => this with { Pack = Pack with { Version = version } };

    public PackFixture WithTags(params string[] tags) => this with { Pack = Pack with { Tags = tags } };

    public PackFixture WithConfig(string json) => this with { Pack = Pack with { Config = json } };

    public PackFixture DependingOn(params string[] refs) => this with { Pack = Pack with { Dependencies = refs } };

    public PackFixture Standard() => this with { Pack = Pack with { IsStandard = true } };

    public Task<Pack> CreateAsync(WorkflowDatabase db) => db.Packs.CreateAsync(Pack);

    /// <summary>The pack that the part before the dot names, created unless the test has it already.</summary>
    public static async Task<Pack> EnsureAsync(WorkflowDatabase db, string memberRef)
    {
        var packRef = memberRef.Split('.')[0];
        return await db.Packs.FindByRefAsync(packRef) ?? await new PackFixture(packRef).CreateAsync(db);
    }
}
