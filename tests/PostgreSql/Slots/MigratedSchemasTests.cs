using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Slots;

public sealed class MigratedSchemasTests(TestServer server)
{
    [Fact]
    public async Task Takes_at_once_never_share_a_slot()
    {
        await using var session = await OwnSession.StartAsync(server);
        var schemas = Schemas(session);

        var slots = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => schemas.TakeAsync(CancellationToken.None)));

        Assert.Equal(20, slots.Select(slot => slot.ToString()).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task The_first_batch_serves_as_many_as_the_template_has_copies()
    {
        await using var session = await OwnSession.StartAsync(server);
        var schemas = Schemas(session);

        var first = await schemas.TakeAsync(CancellationToken.None);
        var second = await schemas.TakeAsync(CancellationToken.None);
        var third = await schemas.TakeAsync(CancellationToken.None);
        var fourth = await schemas.TakeAsync(CancellationToken.None);

        Assert.Equal($"si_s_{session.Id}_1.test_1", first.ToString());
        Assert.Equal($"si_s_{session.Id}_1.test_2", second.ToString());
        Assert.Equal($"si_s_{session.Id}_1.test_3", third.ToString());
        Assert.Equal($"si_s_{session.Id}_1.test_4", fourth.ToString());
    }

    [Fact]
    public async Task More_takes_than_copies_make_a_further_batch()
    {
        await using var session = await OwnSession.StartAsync(server);
        var schemas = Schemas(session);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => schemas.TakeAsync(CancellationToken.None)));

        var fifth = await schemas.TakeAsync(CancellationToken.None);

        Assert.Equal($"si_s_{session.Id}_2.test_1", fifth.ToString());
        Assert.Equal("4, 4", string.Join(", ", session.Databases.SlotsMade.Values));
    }

    [Fact]
    public async Task A_slot_that_comes_back_stays_until_its_batch_goes()
    {
        await using var session = await OwnSession.StartAsync(server);
        var schemas = Schemas(session);
        var first = await schemas.TakeAsync(CancellationToken.None);
        var second = await schemas.TakeAsync(CancellationToken.None);

        await schemas.TakeBackAsync(first, lease: 1, CancellationToken.None);

        Assert.Equal("test_1, test_2, test_3, test_4", await Psql.RunAsync(server.Address, second.Database, "select nspname::text from pg_namespace where nspname like 'test%' order by 1"));
    }

    [Fact]
    public async Task All_slots_of_a_batch_that_came_back_are_dropped_with_its_database()
    {
        await using var session = await OwnSession.StartAsync(server);
        var schemas = Schemas(session, copies: 2);
        var first = await schemas.TakeAsync(CancellationToken.None);
        var second = await schemas.TakeAsync(CancellationToken.None);
        await schemas.TakeBackAsync(first, lease: 1, CancellationToken.None);

        await schemas.TakeBackAsync(second, lease: 1, CancellationToken.None);

        Assert.Null(await server.Postgres.IsPublishedAsync(second.Database, CancellationToken.None));
    }

    [Fact]
    public async Task Slots_that_come_back_at_once_are_dropped_with_their_database()
    {
        await using var session = await OwnSession.StartAsync(server);
        var schemas = Schemas(session, copies: 8);
        var slots = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => schemas.TakeAsync(CancellationToken.None)));

        await Task.WhenAll(slots.Select(slot => schemas.TakeBackAsync(slot, lease: 1, CancellationToken.None)));

        Assert.Null(await server.Postgres.IsPublishedAsync(DatabaseName.ForSession(session.Id, 1), CancellationToken.None));
    }

    [Fact]
    public async Task The_last_slot_of_a_batch_takes_connections_with_it()
    {
        await using var session = await OwnSession.StartAsync(server);
        var schemas = Schemas(session, copies: 1);
        var slot = await schemas.TakeAsync(CancellationToken.None);
        await using var open = await server.Postgres.OpenUnpooledAsync(slot.Database.ToString(), CancellationToken.None);

        await schemas.TakeBackAsync(slot, lease: 1, CancellationToken.None);

        Assert.Equal("", await session.ListAsync());
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Psql.RunAsync(open, "select 1"));
    }

    [Fact]
    public async Task A_slot_that_its_test_dropped_counts_as_dropped()
    {
        await using var session = await OwnSession.StartAsync(server);
        var schemas = Schemas(session);
        var slot = await schemas.TakeAsync(CancellationToken.None);
        await Psql.RunAsync(server.Address, slot.Database, "drop schema test_1 cascade");

        await schemas.TakeBackAsync(slot, lease: 1, CancellationToken.None);

        Assert.Equal("3", await Psql.RunAsync(server.Address, slot.Database, "select count(*) from pg_namespace where nspname like 'test%'"));
    }

    [Fact]
    public async Task A_batch_that_fails_fails_those_who_wait_for_it_and_not_the_next()
    {
        await using var session = await OwnSession.StartAsync(server);
        var attempts = 0;
        var schemas = new MigratedSchemas(
            session.Databases,
            (name, token) => ++attempts == 1 ? throw new SchemaIsolationException("SI1206", "the first fails") : CloneAsync(session, name, 1, token),
            copies: 1);
        await Assert.ThrowsAsync<SchemaIsolationException>(() => schemas.TakeAsync(CancellationToken.None));

        var slot = await schemas.TakeAsync(CancellationToken.None);

        Assert.Equal("test_1", slot.Schema);
    }

    [Fact]
    public async Task Giving_up_a_take_leaves_the_batch_to_the_others()
    {
        await using var session = await OwnSession.StartAsync(server);
        var schemas = Schemas(session, copies: 1);
        using var giveUp = new CancellationTokenSource();
        var givenUp = schemas.TakeAsync(giveUp.Token);
        var other = schemas.TakeAsync(CancellationToken.None);

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givenUp);
        Assert.Equal("test_1", (await other).Schema);
    }

    private static MigratedSchemas Schemas(OwnSession session, int copies = 4)
        => new(session.Databases, (name, token) => CloneAsync(session, name, copies, token), copies);

    // As a clone of a template would be.
    private static async Task CloneAsync(OwnSession session, DatabaseName name, int copies, CancellationToken cancellationToken)
    {
        await session.Databases.CreateAsync(name, template: null, cancellationToken);
        await Psql.RunAsync(session.Databases.Server.Address, name, [.. Enumerable.Range(1, copies).Select(number => Sql.CreateSchema(SchemaName.For(number)))]);
    }
}
