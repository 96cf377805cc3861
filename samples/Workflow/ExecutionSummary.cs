namespace Workflow;

/// <summary>The executions of one action in numbers; the average is over those that succeeded.</summary>
public sealed record ExecutionSummary
{
    public required string ActionRef { get; init; }
    public required long Total { get; init; }
    public required long Unfinished { get; init; }
    public required long Succeeded { get; init; }
    public required long Failed { get; init; }
    public TimeSpan? AverageDuration { get; init; }
}
