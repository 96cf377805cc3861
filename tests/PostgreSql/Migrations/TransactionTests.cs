using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Migrations;

public sealed class TransactionTests(TestServer server)
{
    [Fact]
    public async Task A_file_is_one_transaction_block()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        await Replay.RunAsync(
            connection,
            MigrationTarget.Database,
            "create table t (a bigint); lock table t; set local work_mem = '77kB'; insert into t values (txid_current()); savepoint s; insert into t values (-1); rollback to savepoint s; insert into t select txid_current() where current_setting('work_mem') = '77kB'");

        Assert.Equal([2L], await Replay.QueryAsync<long>(connection, "select count(*) from t"));
        Assert.Equal([1L], await Replay.QueryAsync<long>(connection, "select count(distinct a) from t"));
    }

    [Fact]
    public async Task Nothing_of_a_failed_file_stays_and_the_files_before_it_do()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        await Assert.ThrowsAsync<SchemaIsolationException>(
            () => Replay.RunAsync(connection, MigrationTarget.Database, "create table t (a int)", "create table u (a int); select 1 / 0"));

        Assert.Equal(["t"], await Replay.QueryAsync<string>(connection, "select relname::text from pg_class where relname in ('t', 'u')"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Deferred_constraints_wait_for_the_end_of_the_file()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        await Replay.RunAsync(
            connection,
            MigrationTarget.Database,
            "create table a (id int primary key); create table b (a int references a deferrable initially deferred)",
            "insert into b values (1); insert into a values (1)");

        Assert.Equal([1], await Replay.QueryAsync<int>(connection, "select a from b"));
    }

    [Fact]
    public async Task A_constraint_that_fails_at_the_commit_fails_the_file()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await Replay.OpenAsync(database, includeErrorDetail: true);

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => Replay.RunAsync(
                connection,
                MigrationTarget.Database,
                "create table a (id int primary key); create table b (a int references a deferrable initially deferred)",
                "insert into b values (1)"));

        Assert.Equal("SI1206", exception.Code);
        Assert.Equal(
            "The migration \"2.sql\" failed when its transaction was committed. Correct the file; the server answered 23503 (foreign_key_violation): insert or update on table \"b\" violates foreign key constraint \"b_a_fkey\". Key (a)=(1) is not present in table \"a\".",
            exception.Reason);
    }

    [Fact]
    public async Task Statements_that_refuse_transactions_run()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();
        await Replay.ExecuteAsync(connection, "create schema s");

        await Replay.RunAsync(
            connection,
            MigrationTarget.Schema("s", isFirstInDatabase: true),
            "create table t (a int); create index concurrently i on t (a); reindex (concurrently) table t; vacuum t; drop index concurrently i; create unique index concurrently j on t (a)",
            "create table p (a int) partition by list (a); create table p1 partition of p for values in (1)",
            "alter table p detach partition p1 concurrently");

        Assert.Equal(["j"], await Replay.QueryAsync<string>(connection, "select indexrelid::regclass::text from pg_index where indrelid = 's.t'::regclass"), StringComparer.Ordinal);
        Assert.Empty(await Replay.QueryAsync<string>(connection, "select inhrelid::regclass::text from pg_inherits"));
    }

    [Fact]
    public async Task A_value_added_to_a_type_is_used_in_the_same_file()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        await Replay.RunAsync(
            connection,
            MigrationTarget.Database,
            "create type e as enum ('x')",
            "alter type e add value 'y' before 'x'; create table t (a e default 'y'); insert into t values (default)");

        Assert.Equal(["y"], await Replay.QueryAsync<string>(connection, "select a::text from t"), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("-- no-transaction\ncreate table t as select 1 as a; select 1 / 0;")]
    [InlineData("-- migrate:up transaction:false\ncreate table t as select 1 as a; select 1 / 0;\n-- migrate:down\ndrop table t")]
    public async Task A_file_may_ask_for_no_transaction(string script)
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        await Assert.ThrowsAsync<SchemaIsolationException>(
            () => Replay.RunAsync(connection, MigrationTarget.Database, script));

        Assert.Equal([1], await Replay.QueryAsync<int>(connection, "select a from t"));
    }

    [Fact]
    public async Task A_file_with_transactions_of_its_own_keeps_what_it_committed()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        await Replay.RunAsync(
            connection,
            MigrationTarget.Database,
            "begin; create table t (a int); insert into t values (1); commit; begin; insert into t values (2); rollback; insert into t values (3);",
            "insert into t values (4)");

        Assert.Equal([1, 3, 4], await Replay.QueryAsync<int>(connection, "select a from t order by a"));
    }

    [Fact]
    public async Task A_file_that_cannot_be_run_is_found_before_the_first_runs()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => Replay.RunAsync(connection, MigrationTarget.Database, "-- no-transaction\ncreate table t (a int)", "select 'open"));

        Assert.Equal("SI1205", exception.Code);
        Assert.Empty(await Replay.QueryAsync<string>(connection, "select relname::text from pg_class where relname = 't'"));
    }
}
