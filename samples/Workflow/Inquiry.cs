namespace Workflow;

/// <summary>A question that an execution asks of a person.</summary>
public sealed record Inquiry
{
    public required long Id { get; init; }
    public required long ExecutionId { get; init; }
    public long? AssignedTo { get; init; }
    public required string Prompt { get; init; }
    public required string ResponseSchema { get; init; }
    public string? Response { get; init; }
    public required InquiryStatus Status { get; init; }
    public DateTime? ExpiresAt { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime UpdatedAt { get; init; }
}
