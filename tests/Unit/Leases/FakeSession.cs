using SchemaIsolation.Keeper.Leases;

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
    {
        Desk = desk;
        Endpoint = LeaseEndpoint.Listen(Path.Join(directory, "keeper.sock"), desk.LeaseAsync);
    }

    public FakeDesk Desk { get; }

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
