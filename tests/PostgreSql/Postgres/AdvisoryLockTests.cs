using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Testing;
using Xunit;

namespace SchemaIsolation.Tests.PostgreSql.Postgres;

public sealed class AdvisoryLockTests(TestServer server)
{
    [Fact]
    public async Task A_session_s_lock_is_taken_once()
    {
        var session = SessionId.New();
        await using var first = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session, CancellationToken.None);

        await using var second = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session, CancellationToken.None);

        Assert.NotNull(first);
        Assert.Null(second);
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("7fffffff")]
    [InlineData("80000000")]
    [InlineData("ffffffff")]
    public async Task Every_id_has_a_lock(string id)
    {
        await using var taken = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, SessionId.Parse(id), CancellationToken.None);

        Assert.NotNull(taken);
    }

    [Fact]
    public async Task A_session_s_lock_is_free_after_its_disposal()
    {
        var session = SessionId.New();
        await (await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session, CancellationToken.None))!.DisposeAsync();

        // The server ends the connection after the client has gone.
        await Eventually.TrueAsync(async () =>
        {
            await using var again = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session, CancellationToken.None);
            return again is not null;
        });
    }

    [Fact]
    public async Task A_session_s_lock_is_free_when_its_connection_was_ended()
    {
        var session = SessionId.New();
        await using var lost = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session, CancellationToken.None);
        await Psql.RunAsync(server.Address, "postgres", $"select pg_terminate_backend(pid, 10000) from pg_locks where locktype = 'advisory' and objid = {session.Key}");

        await using var again = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session, CancellationToken.None);

        Assert.NotNull(again);
    }

    [Fact]
    public async Task A_template_in_use_is_shared_and_not_had_alone()
    {
        await using var first = await AdvisoryLock.ShareTemplateAsync(server.Postgres, "a000000000000001", CancellationToken.None);
        await using var second = await AdvisoryLock.ShareTemplateAsync(server.Postgres, "a000000000000001", CancellationToken.None);

        await using var alone = await AdvisoryLock.TryTakeTemplateAsync(server.Postgres, "a000000000000001", CancellationToken.None);

        Assert.Null(alone);
    }

    [Fact]
    public async Task A_template_nobody_uses_is_had_alone()
    {
        await using var alone = await AdvisoryLock.TryTakeTemplateAsync(server.Postgres, "a100000000000001", CancellationToken.None);

        Assert.NotNull(alone);
    }

    [Fact]
    public async Task A_template_that_is_being_built_is_not_had_alone()
    {
        await using var building = await AdvisoryLock.BuildTemplateAsync(server.Postgres, "a200000000000001", CancellationToken.None);

        await using var alone = await AdvisoryLock.TryTakeTemplateAsync(server.Postgres, "a200000000000001", CancellationToken.None);

        Assert.Null(alone);
    }

    [Fact]
    public async Task A_refused_lock_holds_nothing()
    {
        await using var use = await AdvisoryLock.ShareTemplateAsync(server.Postgres, "a300000000000001", CancellationToken.None);
        await using var refused = await AdvisoryLock.TryTakeTemplateAsync(server.Postgres, "a300000000000001", CancellationToken.None);

        await using var building = await AdvisoryLock.BuildTemplateAsync(server.Postgres, "a300000000000001", CancellationToken.None);

        Assert.Null(refused);
    }

    [Fact]
    public async Task A_template_is_built_while_others_hold_on_to_it()
    {
        await using var use = await AdvisoryLock.ShareTemplateAsync(server.Postgres, "a400000000000001", CancellationToken.None);

        await using var building = await AdvisoryLock.BuildTemplateAsync(server.Postgres, "a400000000000001", CancellationToken.None);

        Assert.NotNull(building);
    }

    [Fact]
    public async Task A_second_builder_waits_for_the_first()
    {
        var first = await AdvisoryLock.BuildTemplateAsync(server.Postgres, "a500000000000001", CancellationToken.None);
        var second = AdvisoryLock.BuildTemplateAsync(server.Postgres, "a500000000000001", CancellationToken.None);
        await Eventually.TrueAsync(async () => await Psql.RunAsync(server.Address, "postgres", $"select 1 from pg_locks where locktype = 'advisory' and objid = {0xa5000000} and not granted") == "1");

        await first.DisposeAsync();

        await (await second).DisposeAsync();
    }

    [Fact]
    public async Task A_builder_that_gives_up_holds_nothing()
    {
        var first = await AdvisoryLock.BuildTemplateAsync(server.Postgres, "a600000000000001", CancellationToken.None);
        using var giveUp = new CancellationTokenSource();
        var second = AdvisoryLock.BuildTemplateAsync(server.Postgres, "a600000000000001", giveUp.Token);
        await Eventually.TrueAsync(async () => await Psql.RunAsync(server.Address, "postgres", $"select 1 from pg_locks where locktype = 'advisory' and objid = {0xa6000000} and not granted") == "1");

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await first.DisposeAsync();
        await using var third = await AdvisoryLock.BuildTemplateAsync(server.Postgres, "a600000000000001", CancellationToken.None);
    }

    [Fact]
    public async Task Locks_hold_for_those_with_another_maintenance_database_too()
    {
        const string Template = "a700000000000001";
        await using var database = await server.CreateDatabaseAsync();
        await using var elsewhere = await PostgresServer.ConnectAsync(server.Address, database.Name, CancellationToken.None);
        var session = SessionId.New();
        await using var alive = await AdvisoryLock.TryTakeSessionAsync(server.Postgres, session, CancellationToken.None);
        await using var use = await AdvisoryLock.ShareTemplateAsync(server.Postgres, Template, CancellationToken.None);

        await using var shared = await AdvisoryLock.ShareTemplateAsync(elsewhere, Template, CancellationToken.None);
        Assert.Null(await AdvisoryLock.TryTakeSessionAsync(elsewhere, session, CancellationToken.None));
        Assert.Null(await AdvisoryLock.TryTakeTemplateAsync(elsewhere, Template, CancellationToken.None));
    }

    [Fact]
    public async Task A_builder_waits_for_one_with_another_maintenance_database()
    {
        const string Template = "a800000000000001";
        await using var database = await server.CreateDatabaseAsync();
        await using var elsewhere = await PostgresServer.ConnectAsync(server.Address, database.Name, CancellationToken.None);
        var first = await AdvisoryLock.BuildTemplateAsync(server.Postgres, Template, CancellationToken.None);
        var second = AdvisoryLock.BuildTemplateAsync(elsewhere, Template, CancellationToken.None);
        await Eventually.TrueAsync(async () => await Psql.RunAsync(
            server.Address, "postgres", $"select 1 from pg_locks where locktype = 'advisory' and objid = {0xa8000000} and database <> (select oid from pg_database where datname = 'postgres')") == "1");
        Assert.False(second.IsCompleted);

        await first.DisposeAsync();

        await (await second).DisposeAsync();
    }

    [Fact]
    public async Task Two_builders_with_different_maintenance_databases_take_turns()
    {
        const string Template = "a900000000000001";
        await using var database = await server.CreateDatabaseAsync();
        await using var elsewhere = await PostgresServer.ConnectAsync(server.Address, database.Name, CancellationToken.None);
        var building = 0;

        await Task.WhenAll(new[] { server.Postgres, elsewhere, server.Postgres, elsewhere }.Select(place => Task.Run(async () =>
        {
            for (var turn = 0; turn < 5; turn++)
            {
                await using var built = await AdvisoryLock.BuildTemplateAsync(place, Template, CancellationToken.None);
                Assert.Equal(1, Interlocked.Increment(ref building));
                await Task.Yield();
                Interlocked.Decrement(ref building);
            }
        })));
    }
}
