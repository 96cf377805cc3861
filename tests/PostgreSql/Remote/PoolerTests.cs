using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Remote;

[Trait("Version", "Any")]
public sealed class PoolerTests(PlainServer server) : IClassFixture<PlainServer>
{
    [Theory]
    [InlineData("transaction")]
    [InlineData("statement")]
    [InlineData("session")]
    public async Task One_that_refuses_what_a_connection_begins_with_is_refused(string mode)
    {
        await using var pooler = await Pgbouncer.StartAsync(server, $"pool_mode={mode}");

        var exception = await RefusalAsync(pooler);

        Assert.Equal("SI1120", exception.Code);
        Assert.Equal(
            $"A connection pooler stands in front of the server at \"{pooler.Address}\". Name the server's own address in Server, which providers of poolers call the direct one: "
            + "it refuses what a connection begins with: unsupported startup parameter: options",
            exception.Reason);
    }

    [Theory]
    [InlineData("pool_mode=transaction", "default_pool_size=1")]
    [InlineData("pool_mode=transaction", "default_pool_size=20")]
    [InlineData("pool_mode=transaction", "server_round_robin=1")]
    [InlineData("pool_mode=transaction", "server_round_robin=1", "min_pool_size=2", "default_pool_size=2")]
    [InlineData("pool_mode=statement", "server_round_robin=1", "min_pool_size=5")]
    [InlineData("pool_mode=statement", "server_round_robin=0")]
    public async Task One_that_shares_connections_is_refused_before_anything_is_locked_or_made(params string[] settings)
    {
        await using var pooler = await Pgbouncer.StartAsync(server, [Pgbouncer.IgnoresOptions, .. settings]);

        var exception = await RefusalAsync(pooler);

        Assert.Equal("SI1120", exception.Code);
        Assert.Contains("several of its clients are answered by one connection of the server, or one by several", exception.Reason, StringComparison.Ordinal);
        Assert.Equal("0, 0", await Psql.RunAsync(
            server.Superuser, "postgres", "select count(*) from pg_locks where locktype = 'advisory'", @"select count(*) from pg_database where datname like 'si\_%'"));
    }

    [Fact]
    public async Task One_that_shares_connections_is_found_among_other_clients()
    {
        await using var pooler = await Pgbouncer.StartAsync(server, Pgbouncer.IgnoresOptions, "pool_mode=transaction", "default_pool_size=4");
        using var ending = new CancellationTokenSource();
        var others = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!ending.IsCancellationRequested)
                await Psql.RunAsync(pooler.Address, "postgres", "select 1");
        })).ToList();

        var found = new List<bool>();
        for (var time = 0; time < 20; time++)
            found.Add(await Pooler.SharesConnectionsAsync(pooler.Address, "postgres", CancellationToken.None));

        await ending.CancelAsync();
        await Task.WhenAll(others);
        Assert.DoesNotContain(false, found);
    }

    [Fact]
    public async Task One_that_gives_each_client_a_connection_but_drops_its_settings_is_refused()
    {
        await using var pooler = await Pgbouncer.StartAsync(server, Pgbouncer.IgnoresOptions, "pool_mode=session");

        Assert.False(await Pooler.SharesConnectionsAsync(pooler.Address, "postgres", CancellationToken.None));
        var exception = await RefusalAsync(pooler);

        Assert.Equal("SI1120", exception.Code);
        Assert.EndsWith("it does not pass on the settings that a connection begins with, among them a slot's search path", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_keeps_connections_when_their_client_has_gone_is_refused_when_a_template_is_to_be_copied()
    {
        await using var postgres = await PostgresServer.ConnectAsync(server.As("postgres"), "postgres", CancellationToken.None);
        var template = DatabaseName.ForTemplate("c000000000000001");
        var copy = DatabaseName.ForSlot(SessionId.New(), 1);
        await postgres.CreateDatabaseAsync(template, template: null, CancellationToken.None);
        await using var kept = await postgres.OpenUnpooledAsync(template.ToString(), CancellationToken.None); // As Pgpool-II does.
        await postgres.ExecuteAsync(Sql.Publish(template.ToString()), CancellationToken.None);

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => postgres.CreateDatabaseAsync(copy, template, CancellationToken.None));

        Assert.Equal("SI1120", exception.Code);
        Assert.Contains("it keeps a connection of the server open when its client has gone, so that no database can be copied: source database", exception.Reason, StringComparison.Ordinal);
        await postgres.DropDatabaseAsync(template, CancellationToken.None);
    }

    [Fact]
    public async Task A_server_by_itself_is_not_taken_for_one()
    {
        Assert.False(await Pooler.SharesConnectionsAsync(server.As("postgres"), "postgres", CancellationToken.None));
    }

    private static Task<SchemaIsolationException> RefusalAsync(Pgbouncer pooler)
        => Assert.ThrowsAsync<SchemaIsolationException>(() => PostgresServer.ConnectAsync(pooler.Address, "postgres", CancellationToken.None));
}
