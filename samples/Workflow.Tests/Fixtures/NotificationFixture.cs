namespace Workflow.Tests.Fixtures;

internal sealed record NotificationFixture(string Subject = "Execution 1 has failed")
{
    private NewNotification Notification { get; init; } = new(RecipientId: 0, Channel: "email", Subject);

    private Identity? Recipient { get; init; }

    public NotificationFixture To(Identity recipient) => this with { Recipient = recipient };

    public NotificationFixture Through(string channel) => this with { Notification = Notification with { Channel = channel } };

    public async Task<Notification> CreateAsync(WorkflowDatabase db)
    {
        var recipient = Recipient ?? await new IdentityFixture().EnsureAsync(db);
        return await db.Notifications.QueueAsync(Notification with { RecipientId = recipient.Id });
    }
}
