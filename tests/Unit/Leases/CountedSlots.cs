using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.Unit.Leases;

/// <summary>A desk with a fixed number of slots, each of which is free or held by one lease; it notices when that is not so.</summary>
internal sealed class CountedSlots
{
    private readonly Channel<string> free = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, bool> held = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> mistakes = [];
    private int granted;

    public CountedSlots(int count)
    {
        foreach (var number in Enumerable.Range(1, count))
            free.Writer.TryWrite(number.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Slots held twice or given back twice, and requests that should never have come this far.</summary>
    public IReadOnlyCollection<string> Mistakes => mistakes;

    public int Granted => granted;

    public int Free => free.Reader.Count;

    public async Task<ActiveLease> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        if (request.Protocol != 1 || request.Test is not { Length: <= 500 })
            mistakes.Enqueue($"granted {request}");
        var slot = await free.Reader.ReadAsync(cancellationToken);
        if (!held.TryAdd(slot, value: true))
            mistakes.Enqueue($"slot {slot} held twice");
        Interlocked.Increment(ref granted);
        return new ActiveLease(new LeaseGrant(slot, "db", "Host=h", "/tmp"), _ => GiveBack(slot));
    }

    private void GiveBack(string slot)
    {
        if (!held.TryRemove(slot, out _))
            mistakes.Enqueue($"slot {slot} given back twice");
        free.Writer.TryWrite(slot);
    }
}
