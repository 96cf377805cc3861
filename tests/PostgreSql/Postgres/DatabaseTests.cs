using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Postgres;

public sealed class DatabaseTests(TestServer server)
{
    [Fact]
    public async Task A_database_without_template_is_empty()
    {
        await using var session = await OwnSession.StartAsync(server);
        var database = DatabaseName.ForSlot(session.Id, 1);

        await server.Postgres.CreateDatabaseAsync(database, template: null, CancellationToken.None);

        Assert.Equal("0", await Psql.RunAsync(server.Address, database, "select count(*) from pg_class where relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public async Task A_database_is_a_copy_of_its_template()
    {
        await using var session = await OwnSession.StartAsync(server);
        var original = DatabaseName.ForSlot(session.Id, 1);
        var copy = DatabaseName.ForSlot(session.Id, 2);
        await server.Postgres.CreateDatabaseAsync(original, template: null, CancellationToken.None);
        await Psql.RunAsync(server.Address, original, "create table t as select 7 as n");

        await server.Postgres.CreateDatabaseAsync(copy, original, CancellationToken.None);

        Assert.Equal("7", await Psql.RunAsync(server.Address, copy, "select n from t"));
    }

    [Fact]
    public async Task A_database_with_connected_clients_is_dropped()
    {
        await using var session = await OwnSession.StartAsync(server);
        var database = DatabaseName.ForSlot(session.Id, 1);
        await server.Postgres.CreateDatabaseAsync(database, template: null, CancellationToken.None);
        await using var idle = await server.Postgres.OpenUnpooledAsync(database.ToString(), CancellationToken.None);
        await using var inTransaction = await server.Postgres.OpenUnpooledAsync(database.ToString(), CancellationToken.None);
        await Psql.RunAsync(inTransaction, "begin", "create table t ()");

        await server.Postgres.DropDatabaseAsync(database, CancellationToken.None);

        Assert.Equal("", await session.ListAsync());
    }

    [Fact]
    public async Task A_drop_that_has_begun_comes_to_its_end_although_it_is_cancelled()
    {
        await using var session = await OwnSession.StartAsync(server);
        var database = DatabaseName.ForSlot(session.Id, 1);
        await server.Postgres.CreateDatabaseAsync(database, template: null, CancellationToken.None);
        using var hurry = new CancellationTokenSource();
        var dropping = server.Postgres.TryDropUnusedDatabaseAsync(database, hurry.Token);

        await hurry.CancelAsync();

        Assert.True(await dropping);
        Assert.Equal("", await session.ListAsync());
    }

    [Fact]
    public async Task A_drop_that_is_cancelled_before_it_has_begun_does_not_begin()
    {
        await using var session = await OwnSession.StartAsync(server);
        var database = DatabaseName.ForSlot(session.Id, 1);
        await server.Postgres.CreateDatabaseAsync(database, template: null, CancellationToken.None);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server.Postgres.TryDropUnusedDatabaseAsync(database, new CancellationToken(canceled: true)));

        Assert.Equal("si_d_*_1", await session.ListAsync());
    }

    [Fact]
    public async Task A_database_that_is_missing_counts_as_dropped()
    {
        var database = DatabaseName.ForSlot(SessionId.New(), 1);

        await server.Postgres.DropDatabaseAsync(database, CancellationToken.None);

        Assert.Null(await server.Postgres.IsPublishedAsync(database, CancellationToken.None));
    }

    [Fact]
    public async Task A_published_template_is_dropped()
    {
        var template = DatabaseName.ForTemplate("b000000000000001");
        await server.Postgres.CreateDatabaseAsync(template, template: null, CancellationToken.None);
        await server.Postgres.ExecuteAsync(Sql.Publish(template.ToString()), CancellationToken.None);

        await server.Postgres.DropDatabaseAsync(template, CancellationToken.None);

        Assert.Null(await server.Postgres.IsPublishedAsync(template, CancellationToken.None));
    }

    [Fact]
    public async Task A_database_that_its_test_marked_as_template_is_dropped()
    {
        await using var session = await OwnSession.StartAsync(server);
        var database = DatabaseName.ForSlot(session.Id, 1);
        await server.Postgres.CreateDatabaseAsync(database, template: null, CancellationToken.None);
        await Psql.RunAsync(server.Address, database, $"alter database {database} is_template true");

        await server.Postgres.DropDatabaseAsync(database, CancellationToken.None);

        Assert.Equal("", await session.ListAsync());
    }

    [Fact]
    public async Task An_unused_drop_takes_no_database_with_a_connected_client()
    {
        await using var session = await OwnSession.StartAsync(server);
        var database = DatabaseName.ForSlot(session.Id, 1);
        await server.Postgres.CreateDatabaseAsync(database, template: null, CancellationToken.None);
        await using var client = await server.Postgres.OpenUnpooledAsync(database.ToString(), CancellationToken.None);

        var isDropped = await server.Postgres.TryDropUnusedDatabaseAsync(database, CancellationToken.None);

        Assert.False(isDropped);
        Assert.Equal("1", await Psql.RunAsync(client, "select 1"));
    }

    [Fact]
    public async Task An_unused_drop_takes_a_database_without_clients()
    {
        await using var session = await OwnSession.StartAsync(server);
        var database = DatabaseName.ForSlot(session.Id, 1);
        await server.Postgres.CreateDatabaseAsync(database, template: null, CancellationToken.None);

        var isDropped = await server.Postgres.TryDropUnusedDatabaseAsync(database, CancellationToken.None);

        Assert.True(isDropped);
        Assert.Equal("", await session.ListAsync());
    }

    [Fact]
    public async Task An_unused_drop_of_a_missing_database_succeeds()
    {
        var isDropped = await server.Postgres.TryDropUnusedDatabaseAsync(DatabaseName.ForSlot(SessionId.New(), 1), CancellationToken.None);

        Assert.True(isDropped);
    }

    [Fact]
    public async Task Only_names_that_parse_are_listed()
    {
        await using var session = await OwnSession.StartAsync(server);
        await server.Postgres.CreateDatabaseAsync(DatabaseName.ForSession(session.Id, 1), template: null, CancellationToken.None);
        await Psql.RunAsync(server.Address, "postgres", $"create database \"si_s_{session.Id}_01\"");
        await Psql.RunAsync(server.Address, "postgres", $"create database \"si_s_{session.Id}\"");
        await Psql.RunAsync(server.Address, "postgres", $"create database \"SI_s_{session.Id}_1\"");

        var listed = await server.Postgres.ListDatabasesAsync(CancellationToken.None);

        Assert.Equal(
            [new OwnDatabase(DatabaseName.ForSession(session.Id, 1), IsPublished: false)],
            listed.Where(database => database.Name.Owner == session.Id.Text));
        await Psql.RunAsync(server.Address, "postgres", $"drop database \"si_s_{session.Id}_01\"");
        await Psql.RunAsync(server.Address, "postgres", $"drop database \"si_s_{session.Id}\"");
        await Psql.RunAsync(server.Address, "postgres", $"drop database \"SI_s_{session.Id}_1\"");
    }

    [Fact]
    public async Task Connections_are_counted_by_database()
    {
        await using var session = await OwnSession.StartAsync(server);
        var database = DatabaseName.ForSlot(session.Id, 1);
        await server.Postgres.CreateDatabaseAsync(database, template: null, CancellationToken.None);
        await using var one = await server.Postgres.OpenUnpooledAsync(database.ToString(), CancellationToken.None);
        await using var two = await server.Postgres.OpenUnpooledAsync(database.ToString(), CancellationToken.None);

        var count = await server.Postgres.CountConnectionsAsync(database, CancellationToken.None);

        Assert.Equal(2, count);
    }

    [Fact]
    public async Task An_unpooled_connection_ends_with_its_disposal()
    {
        await using var session = await OwnSession.StartAsync(server);
        var database = DatabaseName.ForSlot(session.Id, 1);
        await server.Postgres.CreateDatabaseAsync(database, template: null, CancellationToken.None);
        var connection = await server.Postgres.OpenUnpooledAsync(database.ToString(), CancellationToken.None);

        await connection.DisposeAsync();

        await Eventually.TrueAsync(async () => await server.Postgres.CountConnectionsAsync(database, CancellationToken.None) == 0);
    }

    [Fact]
    public async Task A_statement_that_fails_says_so()
    {
        var exception = await Assert.ThrowsAsync<PostgresException>(() => server.Postgres.ExecuteAsync("select 1 / 0", CancellationToken.None));

        Assert.Equal("22012", exception.SqlState);
    }
}
