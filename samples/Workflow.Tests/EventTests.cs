using Workflow.Tests.Fixtures;

namespace Workflow.Tests;

public sealed class EventTests
{
    [Fact]
    public async Task An_event_remembers_the_ref_of_its_trigger()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var trigger = await new TriggerFixture("core.webhook").CreateAsync(db);

        var @event = await new EventFixture().Of(trigger).From("10.0.0.1").CreateAsync(db);

        Assert.Equal(trigger.Id, @event.TriggerId);
        Assert.Equal("core.webhook", @event.TriggerRef);
        Assert.Equal("10.0.0.1", @event.Source);
    }

    [Fact]
    public async Task An_event_is_found_by_its_id()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var @event = await new EventFixture().WithPayload("""{"branch": "main"}""").CreateAsync(db);

        var found = await db.Events.FindAsync(@event.Id);

        Assert.Equal("""{"branch": "main"}""", found?.Payload);
    }

    [Fact]
    public async Task The_latest_events_come_first()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new EventFixture().From("first").CreateAsync(db);
        await new EventFixture().From("second").CreateAsync(db);
        await new EventFixture().From("third").CreateAsync(db);

        var events = await db.Events.ListLatestAsync("core.webhook", count: 2);

        Assert.Equal(["third", "second"], events.Select(@event => @event.Source));
    }

    [Fact]
    public async Task Events_are_listed_by_a_part_of_their_payload()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        await new EventFixture().From("a").WithPayload("""{"branch": "main", "author": {"name": "ada"}}""").CreateAsync(db);
        await new EventFixture().From("b").WithPayload("""{"branch": "main", "author": {"name": "bob"}}""").CreateAsync(db);

        var events = await db.Events.ListByPayloadAsync("""{"author": {"name": "ada"}}""");

        Assert.Equal(["a"], events.Select(@event => @event.Source));
    }

    [Fact]
    public async Task Only_old_events_are_deleted()
    {
        await using var db = await WorkflowDatabase.LeaseAsync();
        var old = await new EventFixture().CreateAsync(db);
        var recent = await new EventFixture().CreateAsync(db);
        await db.ExecuteAsync("update events set created_at = '2020-01-01' where id = @Id", old);

        var count = await db.Events.DeleteOlderThanAsync(new DateTime(2021, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal(1, count);
        Assert.Null(await db.Events.FindAsync(old.Id));
        Assert.NotNull(await db.Events.FindAsync(recent.Id));
    }
}
