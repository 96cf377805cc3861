using System.Collections.Concurrent;
using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.Unit.Leases;

/// <summary>A real endpoint in a directory of its own, with a <see cref="FakeDesk"/> behind it.</summary>
internal sealed class FakeSession : IAsyncDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("si-").FullName;

    public FakeSession()
        : this(new FakeDesk())
    {
    }

    public FakeSession(FakeDesk desk)
        : this(desk.LeaseAsync)
    {
        Desk = desk;
    }

    public FakeSession(Func<LeaseRequest, CancellationToken, Task<ActiveLease>> leaseAsync)
    {
        Desk = new FakeDesk();
        Endpoint = LeaseEndpoint.Listen(Path.Join(directory, "keeper.sock"), leaseAsync, (_, _, _) => Task.CompletedTask, Defects.Enqueue);
    }

    public FakeDesk Desk { get; }

    /// <summary>What the endpoint met and did not expect.</summary>
    public ConcurrentQueue<Exception> Defects { get; } = [];

    public LeaseEndpoint Endpoint { get; }

    public Task<FakeTest> ConnectAsync() => FakeTest.ConnectAsync(Endpoint);

    /// <summary>A test that holds a lease.</summary>
    public async Task<FakeTest> LeaseAsync()
    {
        var test = await ConnectAsync();
        await test.AskAsync();
        Assert.NotNull((await test.ReadReplyAsync())!.Grant);
        await Desk.NextRequestAsync();
        return test;
    }

    public async ValueTask DisposeAsync()
    {
        await Endpoint.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
