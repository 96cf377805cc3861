namespace Workflow.Tests.Fixtures;

internal sealed record EventFixture
{
    private NewEvent Event { get; init; } = new(TriggerId: 0);

    private Trigger? Trigger { get; init; }

    public EventFixture Of(Trigger trigger) => this with { Trigger = trigger };

    public EventFixture From(string source) => this with { Event = Event with { Source = source } };

    public EventFixture WithPayload(string json) => this with { Event = Event with { Payload = json } };

    public async Task<Event> CreateAsync(WorkflowDatabase db)
    {
        var trigger = Trigger ?? await new TriggerFixture().EnsureAsync(db);
        return await db.Events.RecordAsync(Event with { TriggerId = trigger.Id });
    }
}
