using Npgsql;
using SchemaIsolation.Keeper.Inspection;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Inspection;

[Trait("Version", "Any")]
public sealed class ServerInventoryTests(TestServer server)
{
    [Fact]
    public async Task A_session_is_listed_with_whose_it_is_and_who_is_connected_to_its_slots()
    {
        var id = SessionId.New();
        var slot = DatabaseName.ForSlot(id, 1);
        await using var alive = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, id, CancellationToken.None, new SessionHolder(4711, "build-7", "0a1b2c", "Shop.Tests"));
        await server.Postgres.CreateDatabaseAsync(slot, template: null, CancellationToken.None);
        try
        {
            var address = server.Address.For(slot.ToString());
            address.ApplicationName = "1 PackTests.Creates";
            address.Pooling = false;
            await using var connection = new NpgsqlConnection(address.ConnectionString);
            await connection.OpenAsync();

            var session = Assert.Single(await ServerInventory.ListSessionsAsync(server.Postgres, CancellationToken.None), session => session.Id == id);

            Assert.Equal(new SessionHolder(4711, "build-7", "0a1b2c", "Shop.Tests"), session.Holder);
            Assert.True(session.IsOfOurRole);
            Assert.False(session.IsHere);
            Assert.InRange(session.Since!.Value, DateTimeOffset.UtcNow - TimeSpan.FromMinutes(5), DateTimeOffset.UtcNow + TimeSpan.FromSeconds(1));
            Assert.Equal([new SlotWork(slot.ToString(), "1 PackTests.Creates", 1)], session.Work);
        }
        finally
        {
            await server.Postgres.DropDatabaseAsync(slot, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Somebody_who_only_looks_whether_a_session_is_alive_has_no_name()
    {
        var id = SessionId.New();
        await using var look = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, id, CancellationToken.None);

        var session = Assert.Single(await ServerInventory.ListSessionsAsync(server.Postgres, CancellationToken.None), session => session.Id == id);

        Assert.Null(session.Holder);
    }

    [Fact]
    public async Task Rows_are_counted_by_table()
    {
        await using var database = await server.CreateDatabaseAsync();
        await Psql.RunAsync(database.ConnectionString, "create schema \"Odd\"", "create table \"Odd\".b (id int)", "create table a (id int)", "insert into a select generate_series(1, 3)");

        var counts = await TableCounts.ReadAsync(server.Postgres, database.Name, CancellationToken.None);

        Assert.Equal([new TableCount("\"Odd\".b", 0), new TableCount("public.a", 3)], counts);
    }
}
