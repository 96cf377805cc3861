namespace Workflow.Tests.Fixtures;

internal sealed record WorkerFixture(string Name = "worker_1")
{
    private NewWorker Worker { get; init; } = new(RuntimeId: 0, Name, Host: Name, Port: 8080);

    private Runtime? Runtime { get; init; }

    private DateTime? HeartbeatAt { get; init; }

    public WorkerFixture On(Runtime runtime) => this with { Runtime = runtime };

    public WorkerFixture At(string host, int port) => this with { Worker = Worker with { Host = host, Port = port } };

    public WorkerFixture WithCapabilities(string json) => this with { Worker = Worker with { Capabilities = json } };

    /// <summary>Makes the worker ready: it has been heard of at the given time.</summary>
    public WorkerFixture HeardOf(DateTime at) => this with { HeartbeatAt = at };

    public async Task<Worker> CreateAsync(WorkflowDatabase db)
    {
        var runtime = Runtime ?? await new RuntimeFixture().EnsureAsync(db);
        var worker = await db.Workers.RegisterAsync(Worker with { RuntimeId = runtime.Id });
        return HeartbeatAt is { } at ? (await db.Workers.BeatAsync(worker.Id, at))! : worker;
    }
}
