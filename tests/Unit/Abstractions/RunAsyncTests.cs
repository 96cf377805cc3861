using SchemaIsolation.Tests.Unit.Leases;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.Unit.Abstractions;

[Collection(nameof(EnvironmentCollection))]
public sealed class RunAsyncTests
{
    [Fact]
    public async Task The_body_runs_in_a_schema_that_is_released_after_it()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);
        var leased = "";

        await IsolatedSchema.RunAsync(
            schema =>
            {
                leased = schema.Name;
                Assert.Equal(0, session.Desk.ReleasesWaiting);
                return Task.CompletedTask;
            });

        Assert.Equal("test_1", leased);
        Assert.True(await session.Desk.NextReleaseAsync());
    }

    [Fact]
    public async Task The_keeper_is_asked_for_what_the_options_say()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);

        await IsolatedDatabase.RunAsync(_ => Task.CompletedTask, LeaseOptions.Empty);

        Assert.Equal(
            new LeaseRequest(1, session.Endpoint.Token, LeaseKind.Database, LeaseContent.Empty, "RunAsyncTests.The_keeper_is_asked_for_what_the_options_say"),
            await session.Desk.NextRequestAsync());
    }

    [Fact]
    public async Task What_the_body_throws_is_passed_on_after_the_release()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);
        var thrown = new InvalidOperationException("Mine.");

        var exception = await Record.ExceptionAsync(() => IsolatedSchema.RunAsync(_ => throw thrown));

        Assert.Same(thrown, exception);
        Assert.True(await session.Desk.NextReleaseAsync());
    }

    [Fact]
    public async Task What_the_body_throws_later_is_passed_on_after_the_release()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);
        var thrown = new InvalidOperationException("Mine.");

        var exception = await Record.ExceptionAsync(() => IsolatedDatabase.RunAsync(_ => Task.FromException(thrown)));

        Assert.Same(thrown, exception);
        Assert.True(await session.Desk.NextReleaseAsync());
    }

    [Fact]
    public async Task What_the_body_throws_is_passed_on_when_the_keeper_is_gone()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);
        var thrown = new InvalidOperationException("Mine.");

        var exception = await Record.ExceptionAsync(() => IsolatedSchema.RunAsync(async _ =>
        {
            await session.Endpoint.StopAsync(TimeSpan.Zero);
            throw thrown;
        }));

        Assert.Same(thrown, exception);
    }

    [Fact]
    public async Task The_body_is_not_interrupted_by_the_token()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);
        using var giveUp = new CancellationTokenSource();

        await IsolatedSchema.RunAsync(_ => giveUp.CancelAsync(), cancellationToken: giveUp.Token);

        Assert.True(await session.Desk.NextReleaseAsync());
    }

    [Fact]
    public async Task Without_a_lease_the_body_does_not_run()
    {
        using var environment = new SessionEnvironment();
        var hasRun = false;

        var exception = await Record.ExceptionAsync(() => IsolatedSchema.RunAsync(_ =>
        {
            hasRun = true;
            return Task.CompletedTask;
        }));

        Assert.Equal("SI2001", Assert.IsType<SchemaIsolationException>(exception).Code);
        Assert.False(hasRun);
    }

    [Fact]
    public async Task A_body_that_is_null_is_refused_before_anything_is_leased()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);

        await Assert.ThrowsAsync<ArgumentNullException>("body", () => IsolatedSchema.RunAsync(null!));

        Assert.Equal(0, session.Desk.RequestsWaiting);
    }
}
