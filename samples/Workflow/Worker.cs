namespace Workflow;

public sealed record Worker
{
    public required long Id { get; init; }
    public required long RuntimeId { get; init; }
    public required string Name { get; init; }
    public required string Host { get; init; }
    public required int Port { get; init; }
    public required WorkerStatus Status { get; init; }
    public required string Capabilities { get; init; }
    public DateTime? LastHeartbeatAt { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}
