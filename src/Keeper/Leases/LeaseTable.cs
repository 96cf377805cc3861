using System.Collections.Concurrent;
using System.Globalization;

namespace SchemaIsolation.Keeper.Leases;

/// <summary>Who holds what, who held what, and how many may.</summary>
internal sealed class LeaseTable(int maxSlots, TimeSpan leaseTimeout, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim places = new(maxSlots);
    private readonly ConcurrentDictionary<int, LeaseRecord> records = new();
    private int lastNumber;

    /// <summary>In the order in which they were leased.</summary>
    public IReadOnlyList<LeaseRecord> Records => [.. records.Values.OrderBy(record => record.Number)];

    public int NextNumber() => Interlocked.Increment(ref lastNumber);

    /// <summary>Waits for one of the places; to be given back by <see cref="Leave"/>.</summary>
    /// <exception cref="SchemaIsolationException">SI2003: none came free in time.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (!await places.WaitAsync(leaseTimeout, cancellationToken))
            throw new SchemaIsolationException("SI2003", $"All {maxSlots} slots were leased for {leaseTimeout.ToString("c", CultureInfo.InvariantCulture)}. Dispose leases when their tests end, run fewer tests at once, or raise MaxSlots or LeaseTimeout. Held by: {DescribeHolders()}.");
    }

    public void Leave() => places.Release();

    public void Add(LeaseRecord record) => records[record.Number] = record;

    public void End(int number, bool isReleased)
        => records[number] = records[number] with { Held = time.GetUtcNow() - records[number].LeasedAt, IsReleased = isReleased };

    public void Dispose() => places.Dispose();

    private string DescribeHolders()
    {
        var held = Records.Where(record => record.Held is null).ToList();
        if (held.Count == 0)
            return "leases whose slots are still being made";
        return MessageText.List([.. held.Select(record => string.Create(CultureInfo.InvariantCulture, $"\"{record.Test}\" ({record.Slot}, {(time.GetUtcNow() - record.LeasedAt).TotalSeconds:0} s)"))]);
    }
}
