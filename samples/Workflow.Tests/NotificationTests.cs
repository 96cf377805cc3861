using Workflow.Tests.Fixtures;

namespace Workflow.Tests;

public sealed class NotificationTests
{
    [Fact]
    public async Task A_queued_notification_is_not_sent_yet()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var ada = await new IdentityFixture("ada").CreateAsync(db);

        var notification = await new NotificationFixture("Done").To(ada).Through("chat").CreateAsync(db);

        Assert.Equal(NotificationState.Queued, notification.State);
        Assert.Equal(ada.Id, notification.RecipientId);
        Assert.Equal("chat", notification.Channel);
        Assert.Equal("Done", notification.Subject);
    }

    [Fact]
    public async Task The_newest_notification_of_an_identity_comes_first()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var ada = await new IdentityFixture("ada").CreateAsync(db);
        await new NotificationFixture("First").To(ada).CreateAsync(db);
        await new NotificationFixture("Second").To(ada).CreateAsync(db);
        await new NotificationFixture("Foreign").To(await new IdentityFixture("bob").CreateAsync(db)).CreateAsync(db);

        var notifications = await db.Notifications.ListByRecipientAsync(ada.Id);

        Assert.Equal(["Second", "First"], notifications.Select(notification => notification.Subject));
    }

    [Fact]
    public async Task The_oldest_notifications_are_taken_first()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new NotificationFixture("First").CreateAsync(db);
        await new NotificationFixture("Second").CreateAsync(db);
        await new NotificationFixture("Third").CreateAsync(db);

        var taken = await db.Notifications.TakeAsync(2);

        Assert.Equal(["First", "Second"], taken.Select(notification => notification.Subject));
    }

    [Fact]
    public async Task A_taken_notification_is_not_taken_again()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new NotificationFixture().CreateAsync(db);
        await db.Notifications.TakeAsync(1);

        var taken = await db.Notifications.TakeAsync(1);

        Assert.Empty(taken);
    }

    [Fact]
    public async Task A_taken_notification_is_delivered()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var notification = await new NotificationFixture().CreateAsync(db);
        await db.Notifications.TakeAsync(1);

        var delivered = await db.Notifications.MarkDeliveredAsync(notification.Id);

        Assert.Equal(NotificationState.Delivered, delivered?.State);
    }

    [Fact]
    public async Task A_failed_notification_says_why()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var notification = await new NotificationFixture().CreateAsync(db);
        await db.Notifications.TakeAsync(1);

        var failed = await db.Notifications.MarkFailedAsync(notification.Id, "mailbox full");

        Assert.Equal(NotificationState.Failed, failed?.State);
        Assert.Equal("mailbox full", failed?.Error);
    }

    [Fact]
    public async Task A_queued_notification_cannot_be_delivered()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var notification = await new NotificationFixture().CreateAsync(db);

        var delivered = await db.Notifications.MarkDeliveredAsync(notification.Id);

        Assert.Null(delivered);
    }
}
