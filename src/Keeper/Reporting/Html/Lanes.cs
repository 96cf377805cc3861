namespace SchemaIsolation.Keeper.Reporting.Html;

/// <summary>The rows of the timeline: one for each slot, under whichever names it had; slots that were used one after another share one where there are too many.</summary>
internal sealed class Lanes
{
    private const int MostOfOneSlot = 48;

    private readonly Dictionary<string, string> formerNames;
    private readonly Dictionary<string, int> lanes = new(StringComparer.Ordinal);

    private Lanes(IReadOnlyList<ReportedReset> resets)
    {
        formerNames = new(StringComparer.Ordinal);
        foreach (var reset in resets.Where(reset => reset.Next is not null && reset.Next != reset.Slot))
            formerNames[reset.Next!] = reset.Slot;
    }

    public int Count { get; private set; }

    /// <summary>Whether each row is one slot.</summary>
    public bool AreSlots { get; private set; }

    public static Lanes Of(SessionReport report)
    {
        var lanes = new Lanes(report.Resets);
        var spans = report.Leases.Select(lease => (lease.Slot, From: lease.LeasedAt.AddMilliseconds(-lease.WaitedMilliseconds), To: lease.HeldMilliseconds is { } held ? lease.LeasedAt.AddMilliseconds(held) : report.EndedAt))
            .Concat(report.Resets.Select(reset => (reset.Slot, From: reset.StartedAt, To: reset.StartedAt.AddMilliseconds(reset.Milliseconds))))
            .GroupBy(span => lanes.FirstName(span.Slot), StringComparer.Ordinal)
            .Select(slot => (Name: slot.Key, From: slot.Min(span => span.From), To: slot.Max(span => span.To)))
            .OrderBy(slot => slot.From)
            .ToList();
        lanes.AreSlots = spans.Count <= MostOfOneSlot;
        lanes.Place(spans);
        return lanes;
    }

    public int this[string slot] => lanes[FirstName(slot)];

    private void Place(IReadOnlyList<(string Name, DateTimeOffset From, DateTimeOffset To)> slots)
    {
        var free = new PriorityQueue<int, DateTimeOffset>();
        foreach (var slot in slots)
        {
            var isFree = !AreSlots && free.TryPeek(out _, out var since) && since <= slot.From;
            lanes[slot.Name] = isFree ? free.Dequeue() : Count++;
            free.Enqueue(lanes[slot.Name], slot.To);
        }
    }

    private string FirstName(string slot)
    {
        var name = slot;
        while (formerNames.TryGetValue(name, out var former))
            name = former;

        // The way back is as long as the slot was used often: once is enough.
        if (name != slot)
            formerNames[slot] = name;
        return name;
    }
}
