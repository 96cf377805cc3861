using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Migrations;

[Trait("Version", "Any")]
public sealed class TimeLimitTests(TestServer server)
{
    private const string SlowTable =
        """
        create table t (a text);
        create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return new; end $$;
        """;

    private const string SlowInsert = SlowTable + "create trigger slow after insert on t for each row execute function slow();";
    private const string SlowCommit = SlowTable + "create constraint trigger slow after insert on t deferrable initially deferred for each row execute function slow();";

    [Theory]
    [InlineData("select 1; select pg_sleep(60)")]
    [InlineData("-- no-transaction\nselect pg_sleep(60)")]
    [InlineData("set statement_timeout = 0; do $$ begin perform pg_sleep(60); exception when others then null; end $$")]
    [InlineData(SlowCommit + "insert into t values ('x')")]
    [InlineData(SlowInsert + "\ncopy t from stdin;\nx\n\\.\n")]
    public async Task A_file_that_takes_longer_than_its_limit_is_stopped(string script)
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => Replay.RunAsync(connection, MigrationTarget.Database, TimeSpan.FromMilliseconds(300), CancellationToken.None, script));

        Assert.Equal("SI1210", exception.Code);
        Assert.Equal("The migration \"1.sql\" did not end within its time limit of \"00:00:00.3000000\". Make it faster or raise the limit.", exception.Reason);
    }

    [Fact]
    public async Task Data_that_the_server_takes_too_slowly_is_stopped()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();
        await Replay.RunAsync(connection, MigrationTarget.Database, SlowTable + "create trigger slow before insert on t for each row execute function slow()");
        var data = string.Concat(Enumerable.Repeat("0123456789abcdef\n", 1_000_000));

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => Replay.RunAsync(connection, MigrationTarget.Database, TimeSpan.FromMilliseconds(300), CancellationToken.None, "copy t from stdin;\n" + data + "\\.\n"));

        Assert.Equal("SI1210", exception.Code);
    }

    [Fact]
    public async Task The_limit_holds_for_each_file_not_for_all()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        var timings = await Replay.RunAsync(
            connection, MigrationTarget.Database, TimeSpan.FromSeconds(2), CancellationToken.None, [.. Enumerable.Repeat("select pg_sleep(0.45)", 5)]);

        Assert.True(timings.Sum(timing => timing.Elapsed.TotalSeconds) > 2);
    }

    [Fact]
    public async Task The_caller_s_token_stops_the_statement_and_is_no_time_limit()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();
        using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Replay.RunAsync(connection, MigrationTarget.Database, TimeSpan.FromMinutes(1), caller.Token, "select pg_sleep(60)"));

        Assert.Equal([1], await Replay.QueryAsync<int>(connection, "select 1"));
    }
}
