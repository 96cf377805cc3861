namespace Workflow.Tests.Fixtures;

internal sealed record InquiryFixture(string Prompt = "Deploy to production?")
{
    private NewInquiry Inquiry { get; init; } = new(ExecutionId: 0, Prompt);

    private Execution? Execution { get; init; }

    public InquiryFixture AskedBy(Execution execution) => this with { Execution = execution };

    public InquiryFixture AssignedTo(Identity identity) => this with { Inquiry = Inquiry with { AssignedTo = identity.Id } };

    public InquiryFixture ExpiringAt(DateTime time) => this with { Inquiry = Inquiry with { ExpiresAt = time } };

    public async Task<Inquiry> CreateAsync(WorkflowDatabase db)
    {
        var execution = Execution ?? await new ExecutionFixture().CreateAsync(db);
        return await db.Inquiries.CreateAsync(Inquiry with { ExecutionId = execution.Id });
    }
}
