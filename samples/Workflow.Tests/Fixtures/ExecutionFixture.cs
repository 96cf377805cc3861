namespace Workflow.Tests.Fixtures;

internal sealed record ExecutionFixture
{
    private NewExecution Execution { get; init; } = new(ActionId: 0);

    private Action? Action { get; init; }

    private Worker? Worker { get; init; }

    public ExecutionFixture Of(Action action) => this with { Action = action };

    public ExecutionFixture ChildOf(Execution parent) => this with { Execution = Execution with { ParentId = parent.Id } };

    public ExecutionFixture For(Enforcement enforcement) => this with { Execution = Execution with { EnforcementId = enforcement.Id } };

    public ExecutionFixture RequestedBy(Identity identity) => this with { Execution = Execution with { RequestedBy = identity.Id } };

    public ExecutionFixture WithParameters(string json) => this with { Execution = Execution with { Parameters = json } };

    public ExecutionFixture WithAttempts(int max) => this with { Execution = Execution with { MaxAttempts = max } };

    public ExecutionFixture RunningOn(Worker worker) => this with { Worker = worker };

    public async Task<Execution> CreateAsync(WorkflowDatabase db)
    {
        var action = Action ?? await new ActionFixture().EnsureAsync(db);
        var execution = await db.Executions.RequestAsync(Execution with { ActionId = action.Id });
        return Worker is null ? execution : (await db.Executions.StartAsync(execution.Id, Worker.Id))!;
    }
}
