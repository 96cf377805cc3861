using System.Net.Sockets;
using System.Runtime.Versioning;
using SchemaIsolation.Keeper.Leases;
using SchemaIsolation.Testing;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.Unit.Leases;

public sealed class LeaseEndpointTests
{
    [Fact]
    public async Task A_request_is_granted_with_what_the_desk_gave()
    {
        await using var session = new FakeSession();
        using var test = await session.ConnectAsync();

        await test.AskAsync(new LeaseRequest(1, session.Endpoint.Token, LeaseKind.Database, LeaseContent.NameOnly, "PackTests.Größe"));

        Assert.Equal(new LeaseReply(FakeDesk.Grant, null), await test.ReadReplyAsync());
        Assert.Equal(
            new LeaseRequest(1, session.Endpoint.Token, LeaseKind.Database, LeaseContent.NameOnly, "PackTests.Größe"),
            await session.Desk.NextRequestAsync());
    }

    [Fact]
    public async Task A_release_gives_the_lease_back_as_released()
    {
        await using var session = new FakeSession();
        using var test = await session.LeaseAsync();

        await test.ReleaseAsync();

        Assert.True(await session.Desk.NextReleaseAsync());
    }

    [Fact]
    public async Task A_test_that_dies_gives_its_lease_back_as_not_released()
    {
        await using var session = new FakeSession();
        using var test = await session.LeaseAsync();

        test.Die();

        Assert.False(await session.Desk.NextReleaseAsync());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("nonsense")]
    [InlineData("{\"dirtiedBy\":null}")]
    [InlineData("{\"dirtiedBy\":1}")]
    public async Task A_test_that_says_anything_else_gives_its_lease_back_as_not_released(string text)
    {
        await using var session = new FakeSession();
        using var test = await session.LeaseAsync();

        await test.SendFrameAsync(text);

        Assert.False(await session.Desk.NextReleaseAsync());
    }

    [Theory]
    [InlineData("PackTests.Größe")]
    [InlineData("")]
    public async Task A_release_says_who_dirtied_the_lease(string test)
    {
        await using var session = new FakeSession();
        using var holder = await session.LeaseAsync();

        await holder.ReleaseAsync(dirtiedBy: test);

        Assert.Equal(new LeaseRelease(test), await session.Desk.NextEndAsync());
    }

    [Fact]
    public async Task A_test_name_too_long_to_be_listed_is_cut_in_a_release_too()
    {
        await using var session = new FakeSession();
        using var holder = await session.LeaseAsync();

        await holder.ReleaseAsync(dirtiedBy: new string('x', 10_000));

        Assert.Equal(new LeaseRelease(new string('x', 500)), await session.Desk.NextEndAsync());
    }

    [Fact]
    public async Task A_lease_is_held_until_its_test_releases_it()
    {
        await using var session = new FakeSession();
        using var holder = await session.LeaseAsync();

        using var other = await session.LeaseAsync();
        await other.ReleaseAsync();
        await session.Desk.NextReleaseAsync();

        Assert.Equal(0, session.Desk.ReleasesWaiting);
    }

    [Fact]
    public async Task A_refusal_carries_code_and_reason()
    {
        await using var session = new FakeSession(new FakeDesk { Gate = Task.FromException(new SchemaIsolationException("SI2003", "All slots were leased: wait.")) });
        using var test = await session.ConnectAsync();

        await test.AskAsync();

        Assert.Equal(new LeaseReply(null, new LeaseRefusal("SI2003", "All slots were leased: wait.")), await test.ReadReplyAsync());
        Assert.Null(await test.ReadReplyAsync());
    }

    [Fact]
    public async Task A_failure_without_a_code_refuses_the_lease_with_its_reason()
    {
        await using var session = new FakeSession(new FakeDesk { Gate = Task.FromException(new IOException("No space left on device.")) });
        using var test = await session.ConnectAsync();

        await test.AskAsync();

        var refusal = (await test.ReadReplyAsync())!.Refusal!;
        Assert.Equal("SI1999", refusal.Code);
        Assert.Contains("IOException: No space left on device.", refusal.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_without_a_code_during_the_end_does_not_fail_the_end()
    {
        var gate = new TaskCompletionSource();
        await using var session = new FakeSession(new FakeDesk { Gate = gate.Task, HeedsCancellation = false });
        using var test = await session.ConnectAsync();
        await test.AskAsync();
        await session.Desk.NextRequestAsync();
        var stopping = session.Endpoint.StopAsync(TimeSpan.FromSeconds(30));

        gate.SetException(new IOException("No space left on device."));

        Assert.Equal(0, await stopping);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789ABCDEF0123456789ABCDEF")]
    [InlineData(null)]
    public async Task A_request_with_another_token_is_refused(string? token)
    {
        await using var session = new FakeSession();
        using var test = await session.ConnectAsync();

        await test.AskAsync(new LeaseRequest(1, token!, LeaseKind.Schema, LeaseContent.Empty, "T"));

        Assert.Equal(
            new LeaseRefusal("SI2005", "The request for a lease does not carry this session's token. Only the test process that the session's collector started may lease from it."),
            (await test.ReadReplyAsync())!.Refusal);
        Assert.Equal(0, session.Desk.RequestsWaiting);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_request_of_another_protocol_is_refused_whatever_its_token(int protocol)
    {
        await using var session = new FakeSession();
        using var test = await session.ConnectAsync();

        await test.AskAsync(new LeaseRequest(protocol, "unknown", LeaseKind.Schema, LeaseContent.Empty, "T"));

        Assert.Equal(
            new LeaseRefusal("SI2004", $"SchemaIsolation.Abstractions speaks version {protocol} of the lease protocol, SchemaIsolation.Collector version 1. Reference the same version of both packages."),
            (await test.ReadReplyAsync())!.Refusal);
        Assert.Equal(0, session.Desk.RequestsWaiting);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"protocol\":\"one\"}")]
    [InlineData("{\"protocol\":1,\"kind\":\"Table\"}")]
    [InlineData("{\"protocol\":1,\"kind\":\"Schema\",\"content\":\"Full\"}")]
    [InlineData("{} {}")]
    public async Task A_frame_that_is_not_a_request_is_refused_and_others_are_served(string text)
    {
        await using var session = new FakeSession();
        using var test = await session.ConnectAsync();

        await test.SendFrameAsync(text);

        Assert.Equal("SI2005", (await test.ReadReplyAsync())!.Refusal!.Code);
        using var other = await session.LeaseAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(65537)]
    [InlineData(int.MaxValue)]
    public async Task A_frame_of_an_illegal_length_is_refused_and_others_are_served(int length)
    {
        await using var session = new FakeSession();
        using var test = await session.ConnectAsync();

        await test.SendFrameAsync(length, "");

        Assert.Equal("SI2005", (await test.ReadReplyAsync())!.Refusal!.Code);
        using var other = await session.LeaseAsync();
    }

    [Theory]
    [InlineData(4, "null")]
    [InlineData(5, "{}")]
    [InlineData(65536, "")]
    public async Task A_frame_without_a_whole_request_ends_the_connection_and_others_are_served(int length, string text)
    {
        await using var session = new FakeSession();
        using var test = await session.ConnectAsync();

        await test.SendFrameAsync(length, text);
        test.EndSending();

        Assert.Null(await test.ReadReplyAsync());
        using var other = await session.LeaseAsync();
    }

    [Fact]
    public async Task A_test_that_connects_and_dies_leaves_others_served()
    {
        await using var session = new FakeSession();
        using var test = await session.ConnectAsync();

        test.Die();

        using var other = await session.LeaseAsync();
    }

    [Fact]
    public async Task A_test_that_connects_and_is_silent_leaves_others_served()
    {
        await using var session = new FakeSession();

        using var silent = await session.ConnectAsync();

        using var other = await session.LeaseAsync();
    }

    [Fact]
    public async Task A_test_that_dies_while_it_waits_gives_up_its_place()
    {
        await using var session = new FakeSession(new FakeDesk { Gate = Task.Delay(Timeout.Infinite) });
        using var test = await session.ConnectAsync();
        await test.AskAsync();
        await session.Desk.NextRequestAsync();

        test.Die();

        await session.Desk.NextCancellationAsync();
    }

    [Fact]
    public async Task A_test_that_releases_while_it_waits_gives_up_its_place()
    {
        await using var session = new FakeSession(new FakeDesk { Gate = Task.Delay(Timeout.Infinite) });
        using var test = await session.ConnectAsync();
        await test.AskAsync();
        await session.Desk.NextRequestAsync();

        await test.ReleaseAsync();

        await session.Desk.NextCancellationAsync();
    }

    [Fact]
    public async Task A_grant_for_a_test_that_has_died_meanwhile_is_given_back()
    {
        var gate = new TaskCompletionSource();
        await using var session = new FakeSession(new FakeDesk { Gate = gate.Task, HeedsCancellation = false });
        using var test = await session.ConnectAsync();
        await test.AskAsync();
        await session.Desk.NextRequestAsync();
        test.Die();
        await session.Desk.NextCancellationAsync();

        gate.SetResult();

        Assert.False(await session.Desk.NextReleaseAsync());
    }

    [Fact]
    public async Task Many_tests_lease_at_once()
    {
        await using var session = new FakeSession();

        var tests = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => session.LeaseAsync()));

        Assert.All(tests, test => test.Die());
        Assert.All(await Task.WhenAll(tests.Select(_ => session.Desk.NextReleaseAsync())), Assert.False);
    }

    [Fact]
    public async Task The_end_waits_for_a_lease_that_is_held()
    {
        await using var session = new FakeSession();
        using var test = await session.LeaseAsync();

        var stopping = session.Endpoint.StopAsync(TimeSpan.FromSeconds(30));
        Assert.False(stopping.IsCompleted);
        await test.ReleaseAsync();

        Assert.Equal(0, await stopping);
        Assert.True(await session.Desk.NextReleaseAsync());
    }

    [Fact]
    public async Task The_end_cuts_a_lease_that_is_held_too_long()
    {
        await using var session = new FakeSession();
        using var test = await session.LeaseAsync();

        var cut = await session.Endpoint.StopAsync(TimeSpan.Zero);

        Assert.Equal(1, cut);
        Assert.False(await session.Desk.NextReleaseAsync());
        Assert.Null(await test.ReadReplyAsync());
    }

    [Fact]
    public async Task The_end_does_not_wait_for_a_test_that_is_silent()
    {
        await using var session = new FakeSession();
        using var silent = await session.ConnectAsync();
        using var test = await session.LeaseAsync();
        await test.ReleaseAsync();
        await session.Desk.NextReleaseAsync();

        var cut = await session.Endpoint.StopAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(0, cut);
        Assert.Null(await silent.ReadReplyAsync());
    }

    [Fact]
    public async Task The_end_sends_away_a_test_that_waits()
    {
        await using var session = new FakeSession(new FakeDesk { Gate = Task.Delay(Timeout.Infinite) });
        using var test = await session.ConnectAsync();
        await test.AskAsync();
        await session.Desk.NextRequestAsync();

        var cut = await session.Endpoint.StopAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(0, cut);
        Assert.Null(await test.ReadReplyAsync());
        await session.Desk.NextCancellationAsync();
    }

    [Fact]
    public async Task After_the_end_nobody_connects()
    {
        await using var session = new FakeSession();

        await session.Endpoint.StopAsync(TimeSpan.Zero);

        await Assert.ThrowsAsync<SocketException>(session.ConnectAsync);
        Assert.False(File.Exists(session.Endpoint.Path));
    }

    [Fact]
    public async Task A_dispose_without_an_end_cuts_what_is_held()
    {
        await using var session = new FakeSession();
        using var test = await session.LeaseAsync();

        await session.Endpoint.DisposeAsync();

        Assert.Null(await test.ReadReplyAsync());
    }

    [Fact]
    public async Task Every_endpoint_has_a_token_of_its_own()
    {
        await using var one = new FakeSession();

        await using var other = new FakeSession();

        Assert.Matches("^[0-9A-F]{32}$", one.Endpoint.Token);
        Assert.NotEqual(one.Endpoint.Token, other.Endpoint.Token);
    }

    [Fact]
    public async Task A_path_that_is_taken_is_not_taken_over()
    {
        await using var session = new FakeSession();

        Assert.Throws<SocketException>(() => LeaseEndpoint.Listen(session.Endpoint.Path, session.Desk.LeaseAsync, (_, _, _) => Task.CompletedTask, session.Defects.Enqueue));

        using var test = await session.LeaseAsync();
    }

    [Theory]
    [InlineData("x")]
    [InlineData("\"")]
    [InlineData("ü")]
    [InlineData("😀")]
    public async Task A_reason_too_long_for_a_frame_is_cut(string character)
    {
        var reason = string.Concat(Enumerable.Repeat(character, 100_000));
        await using var session = new FakeSession(new FakeDesk { Gate = Task.FromException(new SchemaIsolationException("SI2003", reason)) });
        using var test = await session.ConnectAsync();

        await test.AskAsync();

        var refusal = (await test.ReadReplyAsync())!.Refusal!;
        Assert.Equal("SI2003", refusal.Code);
        Assert.Equal(reason[..4_000] + "…", refusal.Reason);
    }

    [Fact]
    public async Task A_test_name_too_long_to_be_listed_is_cut()
    {
        await using var session = new FakeSession();
        using var test = await session.ConnectAsync();

        await test.AskAsync(new LeaseRequest(1, session.Endpoint.Token, LeaseKind.Schema, LeaseContent.Empty, new string('x', 10_000)));

        Assert.Equal(new string('x', 500), (await session.Desk.NextRequestAsync()).Test);
    }

    [Fact]
    public async Task A_crowd_that_is_silent_is_bounded_and_keeps_no_test_out()
    {
        await using var session = new FakeSession();
        using var first = await session.ConnectAsync();
        var crowd = await Task.WhenAll(Enumerable.Range(0, 2 * Strangers.Most).Select(_ => session.ConnectAsync()));

        using var test = await session.LeaseAsync();

        // Sooner than silence alone ends them, after 10 s. The test was one of them for a moment, so one less may be left.
        await Eventually.TrueAsync(() => Task.FromResult(session.Endpoint.Connections is Strangers.Most or Strangers.Most + 1))
            .WaitAsync(TimeSpan.FromSeconds(8));
        Assert.Null(await first.ReadReplyAsync());
        Assert.All(crowd, client => client.Dispose());
        await Eventually.TrueAsync(() => Task.FromResult(session.Endpoint.Connections == 1));
    }

    [Fact]
    public async Task A_crowd_that_is_silent_ends_no_lease()
    {
        await using var session = new FakeSession();
        using var test = await session.LeaseAsync();

        var crowd = await Task.WhenAll(Enumerable.Range(0, 2 * Strangers.Most).Select(_ => session.ConnectAsync()));

        using var other = await session.LeaseAsync();
        Assert.Equal(0, session.Desk.ReleasesWaiting);
        Assert.All(crowd, client => client.Dispose());
    }

    [Fact]
    public async Task A_defect_in_a_release_is_told_and_others_are_served()
    {
        var defect = new InvalidOperationException("Mine.");
        await using var session = new FakeSession((_, _) => Task.FromResult(new ActiveLease(FakeDesk.Grant, _ => throw defect)));
        using var test = await session.ConnectAsync();
        await test.AskAsync();
        await test.ReadReplyAsync();

        await test.ReleaseAsync();

        await Eventually.TrueAsync(() => Task.FromResult(!session.Defects.IsEmpty));
        Assert.Same(defect, Assert.Single(session.Defects));
        using var other = await session.ConnectAsync();
        await other.AskAsync();
        Assert.NotNull((await other.ReadReplyAsync())!.Grant);
    }

    [Fact]
    public async Task A_defect_during_the_end_does_not_fail_the_end()
    {
        await using var session = new FakeSession((_, _) => Task.FromResult(new ActiveLease(FakeDesk.Grant, _ => throw new InvalidOperationException("Mine."))));
        using var test = await session.ConnectAsync();
        await test.AskAsync();
        await test.ReadReplyAsync();

        var cut = await session.Endpoint.StopAsync(TimeSpan.Zero);

        Assert.Equal(1, cut);
        Assert.Single(session.Defects);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task The_socket_is_its_users_alone()
    {
        await using var session = new FakeSession();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(session.Endpoint.Path));
    }
}
