using Workflow.Tests.Fixtures;

namespace Workflow.Tests;

public sealed class InquiryTests
{
    private static readonly DateTime Noon = new(2030, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task A_created_inquiry_is_pending()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var execution = await new ExecutionFixture().CreateAsync(db);

        var inquiry = await new InquiryFixture("Deploy?").AskedBy(execution).ExpiringAt(Noon).CreateAsync(db);

        Assert.Equal(InquiryStatus.Pending, inquiry.Status);
        Assert.Equal(execution.Id, inquiry.ExecutionId);
        Assert.Equal("Deploy?", inquiry.Prompt);
        Assert.Equal(Noon, inquiry.ExpiresAt);
    }

    [Fact]
    public async Task The_most_urgent_inquiry_comes_first()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var ada = await new IdentityFixture("ada").CreateAsync(db);
        await new InquiryFixture("Some day?").AssignedTo(ada).CreateAsync(db);
        await new InquiryFixture("Tomorrow?").AssignedTo(ada).ExpiringAt(Noon.AddDays(1)).CreateAsync(db);
        await new InquiryFixture("Today?").AssignedTo(ada).ExpiringAt(Noon).CreateAsync(db);
        await new InquiryFixture("Somebody else?").CreateAsync(db);

        var inquiries = await db.Inquiries.ListPendingAsync(ada.Id);

        Assert.Equal(["Today?", "Tomorrow?", "Some day?"], inquiries.Select(inquiry => inquiry.Prompt));
    }

    [Fact]
    public async Task An_answered_inquiry_has_the_response()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var inquiry = await new InquiryFixture().CreateAsync(db);

        var answered = await db.Inquiries.AnswerAsync(inquiry.Id, """{"approved": true}""");

        Assert.Equal(InquiryStatus.Answered, answered?.Status);
        Assert.Equal("""{"approved": true}""", answered?.Response);
    }

    [Fact]
    public async Task The_first_answer_counts()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var inquiry = await new InquiryFixture().CreateAsync(db);
        await db.Inquiries.AnswerAsync(inquiry.Id, """{"approved": true}""");

        var answered = await db.Inquiries.AnswerAsync(inquiry.Id, """{"approved": false}""");

        Assert.Null(answered);
        Assert.Equal("""{"approved": true}""", (await db.Inquiries.FindAsync(inquiry.Id))?.Response);
    }

    [Fact]
    public async Task An_inquiry_expires_on_time()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var due = await new InquiryFixture().ExpiringAt(Noon).CreateAsync(db);
        var later = await new InquiryFixture().ExpiringAt(Noon.AddSeconds(1)).CreateAsync(db);

        var count = await db.Inquiries.ExpireAsync(Noon);

        Assert.Equal(1, count);
        Assert.Equal(InquiryStatus.Expired, (await db.Inquiries.FindAsync(due.Id))?.Status);
        Assert.Equal(InquiryStatus.Pending, (await db.Inquiries.FindAsync(later.Id))?.Status);
    }
}
