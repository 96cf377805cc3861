using System.Collections.Concurrent;
using System.Globalization;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Keeper.Leases;

/// <summary>Who holds what, who held what, and how many may.</summary>
internal sealed class LeaseTable(TimeSpan leaseTimeout, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<int, LeaseRecord> records = new();
    private SemaphoreSlim? places;
    private int maxLeases;
    private int lastNumber;
    private int atOnce;
    private int mostAtOnce;

    /// <summary>In the order in which they were leased.</summary>
    public IReadOnlyList<LeaseRecord> Records => [.. records.Values.OrderBy(record => record.Number)];

    /// <summary>How many leases were held or waited for a slot at the same time, so far.</summary>
    public int MostAtOnce => mostAtOnce;

    public int NextNumber() => Interlocked.Increment(ref lastNumber);

    /// <summary>Says how many leases there may be at once; before any is asked for.</summary>
    public void Open(int most)
    {
        maxLeases = most;
        places = new SemaphoreSlim(most);
    }

    /// <summary>Waits for one of the places; to be given back by <see cref="Leave"/>.</summary>
    /// <exception cref="SchemaIsolationException">SI2003: none came free in time.</exception>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (!await places!.WaitAsync(leaseTimeout, cancellationToken))
            throw new SchemaIsolationException("SI2003", $"All {maxLeases} slots were leased for {leaseTimeout.ToString("c", CultureInfo.InvariantCulture)}. Dispose leases when their tests end, run fewer tests at once, or raise MaxSlots, the server's max_connections or LeaseTimeout. Held by: {DescribeHolders()}.");

        var now = Interlocked.Increment(ref atOnce);
        for (var most = mostAtOnce; now > most; most = mostAtOnce)
            Interlocked.CompareExchange(ref mostAtOnce, now, most);
    }

    public void Leave()
    {
        Interlocked.Decrement(ref atOnce);
        places!.Release();
    }

    public void Add(LeaseRecord record) => records[record.Number] = record;

    /// <param name="number">The lease's.</param>
    /// <param name="release">How the test released it; null when it ended with the test process or the session.</param>
    public void End(int number, LeaseRelease? release)
        => records[number] = records[number] with
        {
            Held = time.GetUtcNow() - records[number].LeasedAt,
            IsReleased = release is not null,
            DirtiedBy = release?.DirtiedBy,
        };

    public void Dispose() => places?.Dispose();

    private string DescribeHolders()
    {
        var held = Records.Where(record => record.Held is null).ToList();
        if (held.Count == 0)
            return "leases whose slots are still being made";
        return MessageText.List([.. held.Select(record => string.Create(CultureInfo.InvariantCulture, $"\"{record.Test}\" ({record.Slot}, {(time.GetUtcNow() - record.LeasedAt).TotalSeconds:0} s)"))]);
    }
}
