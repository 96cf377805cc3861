using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Slots;

public sealed class PlainSchemasTests(TestServer server)
{
    private const string ListSchemas = "select nspname::text from pg_namespace where oid >= 16384 order by 1";

    [Fact]
    public async Task An_empty_schema_exists()
    {
        await using var session = await OwnSession.StartAsync(server);

        var slot = await new PlainSchemas(session.Databases).Empty.TakeAsync(CancellationToken.None);

        Assert.Equal(slot.Schema, await Psql.RunAsync(server.Address, slot.Database, ListSchemas));
    }

    [Fact]
    public async Task A_reserved_name_does_not_exist()
    {
        await using var session = await OwnSession.StartAsync(server);

        var slot = await new PlainSchemas(session.Databases).NameOnly.TakeAsync(CancellationToken.None);

        Assert.Equal("", await Psql.RunAsync(server.Address, slot.Database, ListSchemas));
    }

    [Fact]
    public async Task Takes_at_once_share_a_database_and_never_a_schema()
    {
        await using var session = await OwnSession.StartAsync(server);
        var schemas = new PlainSchemas(session.Databases);

        var slots = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? schemas.Empty : schemas.NameOnly).TakeAsync(CancellationToken.None)));

        Assert.Equal(10, slots.Select(slot => slot.Schema).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("si_s_*_1", await session.ListAsync());
        Assert.Equal(10, session.Databases.SlotsMade.Values.Single());
    }

    [Fact]
    public async Task An_empty_schema_is_dropped_with_all_that_its_test_made()
    {
        await using var session = await OwnSession.StartAsync(server);
        var schemas = new PlainSchemas(session.Databases);
        var slot = await schemas.Empty.TakeAsync(CancellationToken.None);
        var other = await schemas.Empty.TakeAsync(CancellationToken.None);
        await Psql.RunAsync(
            server.Address,
            slot.Database,
            $"create table {slot.Schema}.\"od\"\"d; drop table x\" (\"a b\" int)",
            $"create view {slot.Schema}.\"V\" as select * from {slot.Schema}.\"od\"\"d; drop table x\"");

        await slot.Source.TakeBackAsync(slot, lease: 1, CancellationToken.None);

        Assert.Equal(other.Schema, await Psql.RunAsync(server.Address, slot.Database, ListSchemas));
    }

    [Fact]
    public async Task A_schema_that_the_test_made_under_the_reserved_name_is_dropped()
    {
        await using var session = await OwnSession.StartAsync(server);
        var slot = await new PlainSchemas(session.Databases).NameOnly.TakeAsync(CancellationToken.None);
        await Psql.RunAsync(server.Address, slot.Database, $"create schema {slot.Schema} create table t (n int)");

        await slot.Source.TakeBackAsync(slot, lease: 1, CancellationToken.None);

        Assert.Equal("", await Psql.RunAsync(server.Address, slot.Database, ListSchemas));
    }

    [Fact]
    public async Task A_reserved_name_that_nobody_used_counts_as_dropped()
    {
        await using var session = await OwnSession.StartAsync(server);
        var slot = await new PlainSchemas(session.Databases).NameOnly.TakeAsync(CancellationToken.None);

        await slot.Source.TakeBackAsync(slot, lease: 1, CancellationToken.None);

        Assert.Equal("", await Psql.RunAsync(server.Address, slot.Database, ListSchemas));
    }

    [Fact]
    public async Task A_drop_that_a_stranger_s_lock_holds_up_fails_in_time()
    {
        await using var session = await OwnSession.StartAsync(server);
        var slot = await new PlainSchemas(session.Databases).Empty.TakeAsync(CancellationToken.None);
        await using var stranger = await server.Postgres.OpenUnpooledAsync(slot.Database.ToString(), CancellationToken.None);
        await Psql.RunAsync(stranger, $"create table {slot.Schema}.t (n int)", "begin", $"lock table {slot.Schema}.t");

        var exception = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => slot.Source.TakeBackAsync(slot, lease: 1, CancellationToken.None));

        Assert.Equal("55P03", exception.SqlState);
    }

    [Fact]
    public async Task A_first_take_that_fails_lets_the_next_one_try()
    {
        await using var session = await OwnSession.StartAsync(server);
        var schemas = new PlainSchemas(session.Databases);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => schemas.Empty.TakeAsync(new CancellationToken(canceled: true)));

        var slot = await schemas.Empty.TakeAsync(CancellationToken.None);

        Assert.Equal(slot.Schema, await Psql.RunAsync(server.Address, slot.Database, ListSchemas));
    }
}
