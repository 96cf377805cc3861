using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Slots;

public sealed class DatabasesTests(TestServer server)
{
    [Fact]
    public async Task A_slot_is_a_database_of_its_own()
    {
        await using var session = await OwnSession.StartAsync(server);
        var databases = new Databases(session.Databases, (name, token) => session.Databases.CreateAsync(name, template: null, token));

        var slots = await Task.WhenAll(databases.TakeAsync(CancellationToken.None), databases.TakeAsync(CancellationToken.None));

        Assert.Equal("si_d_*_1, si_d_*_2", await session.ListAsync());
        Assert.Equal([$"si_d_{session.Id}_1", $"si_d_{session.Id}_2"], slots.Select(slot => slot.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Dropping_a_slot_takes_its_connections_with_it()
    {
        await using var session = await OwnSession.StartAsync(server);
        var databases = new Databases(session.Databases, (name, token) => session.Databases.CreateAsync(name, template: null, token));
        var slot = await databases.TakeAsync(CancellationToken.None);
        await using var open = await server.Postgres.OpenUnpooledAsync(slot.Name, CancellationToken.None);

        await databases.TakeBackAsync(slot, lease: 1, CancellationToken.None);

        Assert.Equal("", await session.ListAsync());
    }

    [Fact]
    public async Task A_slot_that_its_test_dropped_counts_as_dropped()
    {
        await using var session = await OwnSession.StartAsync(server);
        var databases = new Databases(session.Databases, (name, token) => session.Databases.CreateAsync(name, template: null, token));
        var slot = await databases.TakeAsync(CancellationToken.None);
        await Psql.RunAsync(server.Address, "postgres", $"drop database {slot.Name}");

        await databases.TakeBackAsync(slot, lease: 1, CancellationToken.None);

        Assert.Equal("", await session.ListAsync());
    }

    [Fact]
    public async Task A_database_that_cannot_be_made_is_not_counted()
    {
        await using var session = await OwnSession.StartAsync(server);
        var databases = new Databases(session.Databases, (_, _) => throw new SchemaIsolationException("SI1206", "it fails"));

        await Assert.ThrowsAsync<SchemaIsolationException>(() => databases.TakeAsync(CancellationToken.None));

        Assert.Empty(session.Databases.SlotsMade);
    }

    [Fact]
    public async Task Once_closed_no_database_comes_into_being()
    {
        await using var session = await OwnSession.StartAsync(server);
        var databases = new Databases(session.Databases, (name, token) => session.Databases.CreateAsync(name, template: null, token));
        await session.Databases.CloseAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => databases.TakeAsync(CancellationToken.None));

        Assert.Equal("", await session.ListAsync());
    }

    [Fact]
    public async Task Closing_while_databases_are_made_leaves_the_list_complete()
    {
        await using var session = await OwnSession.StartAsync(server);
        var databases = new Databases(session.Databases, (name, token) => session.Databases.CreateAsync(name, template: null, token));
        var takes = Enumerable.Range(0, 8).Select(_ => databases.TakeAsync(CancellationToken.None)).ToList();

        await session.Databases.CloseAsync();

        var listed = await session.ListAsync();
        await Task.WhenAll(takes).ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.Equal(listed, await session.ListAsync());
    }
}
