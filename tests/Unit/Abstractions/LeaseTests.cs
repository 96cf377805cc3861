using System.Runtime.CompilerServices;
using SchemaIsolation.Tests.Unit.Leases;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Tests.Unit.Abstractions;

[Collection(nameof(EnvironmentCollection))]
public sealed class LeaseTests
{
    [Fact]
    public async Task A_dispose_releases()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);
        var schema = await IsolatedSchema.LeaseAsync();

        await schema.DisposeAsync();

        Assert.True(await session.Desk.NextReleaseAsync());
    }

    [Fact]
    public async Task A_second_dispose_does_nothing()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);
        var schema = await IsolatedSchema.LeaseAsync();
        await schema.DisposeAsync();
        await session.Desk.NextReleaseAsync();

        await schema.DisposeAsync();

        await session.Endpoint.StopAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, session.Desk.ReleasesWaiting);
    }

    [Fact]
    public async Task A_dispose_does_not_throw_when_the_keeper_is_gone()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);
        var schema = await IsolatedSchema.LeaseAsync();
        await session.Endpoint.StopAsync(TimeSpan.Zero);

        var exception = await Record.ExceptionAsync(async () => await schema.DisposeAsync());

        Assert.Null(exception);
    }

    [Fact]
    public async Task The_release_of_a_dirty_lease_names_the_first_test_that_dirtied_it()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);
        var schema = await IsolatedSchema.LeaseAsync();
        schema.Dirty("PackTests.Commits");
        schema.Dirty("PackTests.Commits_too");

        await schema.DisposeAsync();

        Assert.Equal(new LeaseRelease("PackTests.Commits"), await session.Desk.NextEndAsync());
    }

    [Fact]
    public async Task A_lease_keeps_its_values_after_the_release()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);
        var schema = await IsolatedSchema.LeaseAsync();

        await schema.DisposeAsync();

        Assert.Equal("test_1", schema.Name);
    }

    [Fact]
    public async Task A_lease_that_nobody_refers_to_any_more_is_not_released_by_the_garbage_collector()
    {
        await using var session = new FakeSession();
        using var environment = SessionEnvironment.Of(session);
        var lease = await LeaseAndForgetAsync();

        await Task.Run(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
        });

        Assert.True(lease.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> LeaseAndForgetAsync() => new(await IsolatedSchema.LeaseAsync());
}
