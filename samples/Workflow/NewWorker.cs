namespace Workflow;

public sealed record NewWorker(long RuntimeId, string Name, string Host, int Port)
{
    public string Capabilities { get; init; } = "{}";
}
