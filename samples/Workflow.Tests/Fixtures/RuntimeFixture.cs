namespace Workflow.Tests.Fixtures;

internal sealed record RuntimeFixture(string Ref = "python")
{
    private NewRuntime Runtime { get; init; } = new(Ref, Version: "3.13", Command: ["python3", "-u"]);

    public RuntimeFixture WithVersion(string version) => this with { Runtime = Runtime with { Version = version } };

    public RuntimeFixture WithCommand(params string[] command) => this with { Runtime = Runtime with { Command = command } };

    public RuntimeFixture FromPack(Pack pack) => this with { Runtime = Runtime with { PackId = pack.Id } };

    public RuntimeFixture Default() => this with { Runtime = Runtime with { IsDefault = true } };

    public Task<Runtime> CreateAsync(WorkflowDatabase db) => db.Runtimes.CreateAsync(Runtime);

    /// <summary>The default runtime of the fixture's ref, created unless the test has it already.</summary>
    public async Task<Runtime> EnsureAsync(WorkflowDatabase db)
        => await db.Runtimes.FindDefaultAsync(Ref) ?? await Default().CreateAsync(db);
}
