using System.Net.Sockets;
using SchemaIsolation.Tests.Unit.Leases;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.Unit.Abstractions;

[Collection(nameof(EnvironmentCollection))]
public sealed class LeaseAsyncTests
{
    [Fact]
    public async Task A_schema_is_leased_as_the_keeper_granted_it()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);

        await using var schema = await IsolatedSchema.LeaseAsync();

        Assert.Equal("test_1", schema.Name);
        Assert.Equal("si_s_00000001_0", schema.Database);
        Assert.Equal("Host=h;Search Path=test_1,public", schema.ConnectionString);
        Assert.Equal("/tmp/1", schema.Directory);
    }

    [Fact]
    public async Task The_keeper_is_asked_for_a_migrated_schema_in_the_tests_name()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);

        await using var schema = await IsolatedSchema.LeaseAsync();

        Assert.Equal(
            new LeaseRequest(1, session.Endpoint.Token, LeaseKind.Schema, LeaseContent.Migrated, "LeaseAsyncTests.The_keeper_is_asked_for_a_migrated_schema_in_the_tests_name"),
            await session.Desk.NextRequestAsync());
    }

    [Fact]
    public async Task The_keeper_is_asked_for_what_the_options_say()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);

        await using var database = await IsolatedDatabase.LeaseAsync(LeaseOptions.NameOnly, testName: "Creates", testFile: "C:\\src\\PackTests.cs");

        Assert.Equal(
            new LeaseRequest(1, session.Endpoint.Token, LeaseKind.Database, LeaseContent.NameOnly, "PackTests.Creates"),
            await session.Desk.NextRequestAsync());
    }

    [Fact]
    public async Task Outside_a_session_nothing_can_be_leased()
    {
        using var environment = new SessionEnvironment();

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => IsolatedSchema.LeaseAsync());

        Assert.Equal("SI2001", refusal.Code);
        Assert.Equal(
            "SI2001: This test runs outside a session, so nothing can be leased. Run \"dotnet test --collect:SchemaIsolation\", or set SchemaIsolationEnabled in the project, with the package "
            + "SchemaIsolation.Collector in the test project, or enable the data collector \"SchemaIsolation\" in the runsettings file your IDE uses.",
            refusal.Message);
    }

    [Theory]
    [InlineData(null, "/tmp/x", "token")]
    [InlineData("0a1b2c3d", null, "token")]
    [InlineData("0a1b2c3d", "/tmp/x", null)]
    [InlineData("0a1b2c3d", "/tmp/x", "")]
    public async Task Half_a_session_is_none(string? id, string? endpoint, string? token)
    {
        using var environment = new SessionEnvironment(id, endpoint, token);

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => IsolatedDatabase.LeaseAsync());

        Assert.Equal("SI2001", refusal.Code);
    }

    [Fact]
    public async Task A_session_that_could_not_start_refuses_with_its_reason()
    {
        using var environment = new SessionEnvironment(refusal: "SI1101: The server at \"db:5432\" cannot be reached. Start it: Connection refused");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => IsolatedSchema.LeaseAsync());

        Assert.Equal("SI1101", refusal.Code);
        Assert.Equal("The server at \"db:5432\" cannot be reached. Start it: Connection refused", refusal.Reason);
        Assert.Equal("SI1101: The server at \"db:5432\" cannot be reached. Start it: Connection refused", refusal.Message);
    }

    [Fact]
    public async Task A_session_that_has_ended_leases_nothing()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);
        await session.Endpoint.StopAsync(TimeSpan.Zero);

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => IsolatedSchema.LeaseAsync());

        Assert.Equal("SI2002", refusal.Code);
        Assert.Equal("The session \"0a1b2c3d\" has ended, or its keeper was killed, so nothing can be leased from it. A lease is taken and released while its test runs; code that outlives the run gets none.", refusal.Reason);
    }

    [Fact]
    public async Task A_session_that_ends_while_a_test_waits_leases_nothing()
    {
        await using var session = new FakeSession(new FakeDesk { Gate = Task.Delay(Timeout.Infinite) });
        using var environment = SessionEnvironment.Of(session);
        var leasing = IsolatedSchema.LeaseAsync();
        await session.Desk.NextRequestAsync();

        await session.Endpoint.StopAsync(TimeSpan.Zero);

        Assert.Equal("SI2002", (await Assert.ThrowsAsync<SchemaIsolationException>(() => leasing)).Code);
    }

    [Fact]
    public async Task The_keepers_refusal_reaches_the_test()
    {
        await using var session = new FakeSession(new FakeDesk { Gate = Task.FromException(new SchemaIsolationException("SI2003", "All slots were leased.")) });
        using var environment = SessionEnvironment.Of(session);

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => IsolatedSchema.LeaseAsync());

        Assert.Equal("SI2003: All slots were leased.", refusal.Message);
    }

    [Fact]
    public async Task A_token_of_another_session_is_refused()
    {
        await using var session = new FakeSession();
        using var environment = new SessionEnvironment("0a1b2c3d", session.Endpoint.Path, "another");

        var refusal = await Assert.ThrowsAsync<SchemaIsolationException>(() => IsolatedSchema.LeaseAsync());

        Assert.Equal("SI2005", refusal.Code);
    }

    [Fact]
    public async Task A_test_that_gives_up_waiting_leaves_nothing_leased()
    {
        await using var session = new FakeSession(new FakeDesk { Gate = Task.Delay(Timeout.Infinite) });
        using var environment = SessionEnvironment.Of(session);
        using var giveUp = new CancellationTokenSource();
        var leasing = IsolatedSchema.LeaseAsync(cancellationToken: giveUp.Token);
        await session.Desk.NextRequestAsync();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leasing);
        await session.Desk.NextCancellationAsync();
    }

    [Fact]
    public async Task A_test_that_was_cancelled_before_does_not_ask()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => IsolatedSchema.LeaseAsync(cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal(0, session.Desk.RequestsWaiting);
    }

    [Fact]
    public async Task Many_tests_lease_at_once()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);

        var leases = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => IsolatedSchema.LeaseAsync()));

        await Task.WhenAll(leases.Select(lease => lease.DisposeAsync().AsTask()));
        Assert.All(await Task.WhenAll(leases.Select(_ => session.Desk.NextReleaseAsync())), Assert.True);
    }

    [Fact]
    public async Task More_tests_than_the_keepers_queue_holds_wait_for_their_turn()
    {
        var directory = Directory.CreateTempSubdirectory("si-");
        using var keeper = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        keeper.Bind(new UnixDomainSocketEndPoint(Path.Join(directory.FullName, "keeper.sock")));
        keeper.Listen(1);
        using var environment = new SessionEnvironment("0a1b2c3d", Path.Join(directory.FullName, "keeper.sock"), "token");
        var leasing = Enumerable.Range(0, 5).Select(_ => IsolatedSchema.LeaseAsync()).ToArray();

        for (var accepted = 0; accepted < 5; accepted++)
        {
            using var connection = await keeper.AcceptAsync().WaitAsync(TimeSpan.FromSeconds(30));
            await Frame.ReadAsync(connection, WireJson.Default.LeaseRequest, CancellationToken.None);
            await Frame.WriteAsync(connection, new LeaseReply(FakeDesk.Grant, null), WireJson.Default.LeaseReply, CancellationToken.None);
        }

        Assert.All(await Task.WhenAll(leasing), lease => Assert.Equal("test_1", lease.Name));
        directory.Delete(recursive: true);
    }
}
