using System.Threading.Channels;
using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.Unit.Leases;

/// <summary>Grants every lease at once, unless it is told to refuse or to wait; keeps what it was asked and what was given back.</summary>
internal sealed class FakeDesk
{
    public static readonly LeaseGrant Grant = new("test_1", "si_s_00000001_0", "Host=h;Search Path=test_1,public", "/tmp/1");

    private readonly Channel<LeaseRequest> requests = Channel.CreateUnbounded<LeaseRequest>();
    private readonly Channel<LeaseRelease?> releases = Channel.CreateUnbounded<LeaseRelease?>();
    private readonly Channel<bool> cancellations = Channel.CreateUnbounded<bool>();

    /// <summary>What every request waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Whether a request that is given up ends its waiting.</summary>
    public bool HeedsCancellation { get; init; } = true;

    public int RequestsWaiting => requests.Reader.Count;

    public int ReleasesWaiting => releases.Reader.Count;

    public async Task<ActiveLease> LeaseAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        var opened = Gate.WaitAsync(HeedsCancellation ? cancellationToken : CancellationToken.None);

        // After the wait, because what is registered last is told first, and the end of the wait takes this back.
        await using var cancellation = cancellationToken.Register(() => cancellations.Writer.TryWrite(true));
        requests.Writer.TryWrite(request);
        await opened;
        return new ActiveLease(Grant, release => releases.Writer.TryWrite(release));
    }

    public Task<LeaseRequest> NextRequestAsync() => requests.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    /// <returns>Whether the test released it.</returns>
    public async Task<bool> NextReleaseAsync() => await NextEndAsync() is not null;

    /// <returns>How the test released it, or null when it did not.</returns>
    public Task<LeaseRelease?> NextEndAsync() => releases.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public Task NextCancellationAsync() => cancellations.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
}
