using Npgsql;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Migrations;

public sealed class MigrationFailureTests(TestServer server)
{
    [Theory]
    [InlineData(
        "select 1;\n-- ✓\n  insert into\n    \"nope 🎈\" values (1);\nselect 2",
        "at line 4, column 5 in \"insert into \"nope 🎈\" values (1)\". Correct the file; the server answered 42P01 (undefined_table): relation \"nope 🎈\" does not exist.")]
    [InlineData(
        "select 1;\r\nselect '🎈🎈', 2,\r\n  nope;",
        "at line 3, column 3 in \"select '🎈🎈', 2, nope\". Correct the file; the server answered 42703 (undefined_column): column \"nope\" does not exist.")]
    [InlineData(
        "create table t (a int);\n\n /* c */ select 1 / 0;",
        "at line 3, column 10 in \"select 1 / 0\". Correct the file; the server answered 22012 (division_by_zero): division by zero.")]
    [InlineData(
        "selec 1",
        "at line 1, column 1 in \"selec 1\". Correct the file; the server answered 42601 (syntax_error): syntax error at or near \"selec\".")]
    [InlineData(
        "-- no-transaction\nselect 1; select 2;\nselect x;",
        "at line 3, column 8 in \"select x\". Correct the file; the server answered 42703 (undefined_column): column \"x\" does not exist.")]
    [InlineData(
        "do $$ begin\nraise 'no. %', 1 using errcode = 'ZZ001', detail = 'The detail.', hint = 'A hint';\nend $$",
        "at line 1, column 1 in \"do $$ begin raise 'no. %', 1 using errcode = 'ZZ001', detail = 'The detail.', hi…\". Correct the file; the server answered ZZ001: no. 1. The detail. A hint.")]
    [InlineData(
        "create table t (a int);\ncreate table t (a int)",
        "at line 2, column 1 in \"create table t (a int)\". Correct the file; the server answered 42P07 (duplicate_table): relation \"t\" already exists.")]
    [InlineData(
        "do $$ begin\ncommit;\nend $$",
        "at line 1, column 1 in \"do $$ begin commit; end $$\". A file is one transaction: begin it with the line \"-- no-transaction\", or put this statement into a file of its own that does; the server answered 2D000 (invalid_transaction_termination): invalid transaction termination.")]
    [InlineData( // Of a type that was there before: of one that is made by the same file PostgreSQL 17 allows it.
        "do $$ begin alter type grade add value 'b'; end $$;\nselect 'b'::grade",
        "at line 2, column 8 in \"select 'b'::grade\". A file is one transaction: begin it with the line \"-- no-transaction\", or put this statement into a file of its own that does; the server answered 55P04: unsafe use of new value \"b\" of enum type grade. New enum values must be committed before they can be used.")]
    [InlineData(
        "-- no-transaction\nbegin; do 'begin commit; end'; commit",
        "at line 2, column 8 in \"do 'begin commit; end'\". Correct the file; the server answered 2D000 (invalid_transaction_termination): invalid transaction termination.")]
    [InlineData(
        "create role pg_database_owner",
        "at line 1, column 1 in \"create role pg_database_owner\". Correct the file; the server answered 42939 (reserved_name): role name \"pg_database_owner\" is reserved. Role names starting with \"pg_\" are reserved.")]
    [InlineData(
        "create role twice; create role twice",
        "at line 1, column 20 in \"create role twice\". Roles belong to the whole server, and stay there when a database is dropped: look in pg_roles before you create one; the server answered 42710 (duplicate_object): role \"twice\" already exists.")]
    public async Task A_refused_statement_is_named_with_its_place(string script, string reason)
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await Replay.OpenAsync(database, includeErrorDetail: true);

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => Replay.RunAsync(connection, MigrationTarget.Database, "create type grade as enum ('a')", script));

        Assert.Equal("SI1206", exception.Code);
        Assert.Equal("The migration \"2.sql\" failed " + reason, exception.Reason);
        Assert.IsType<PostgresException>(exception.InnerException);
    }

    [Fact]
    public async Task A_detail_that_is_held_back_is_left_out()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await Replay.OpenAsync(database, includeErrorDetail: false);

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => Replay.RunAsync(connection, MigrationTarget.Database, "create table t (a int primary key); insert into t values (1), (1)"));

        Assert.EndsWith("(unique_violation): duplicate key value violates unique constraint \"t_pkey\".", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_statement_in_a_schema_is_named_with_its_place()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();
        await Replay.ExecuteAsync(connection, "create schema s");

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => Replay.RunAsync(connection, MigrationTarget.Schema("s", isFirstInDatabase: true), "create extension hstore;\nselect 1;\nselect a;"));

        Assert.StartsWith("The migration \"1.sql\" failed at line 3, column 8 in \"select a\".", exception.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("select 1; select pg_terminate_backend(pg_backend_pid());")]
    [InlineData("begin; select pg_terminate_backend(pg_backend_pid()); commit")]
    public async Task A_lost_connection_is_no_fault_of_the_file(string script)
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(() => Replay.RunAsync(connection, MigrationTarget.Database, script));

        Assert.Equal("SI1108", exception.Code);
        Assert.StartsWith("The migration \"1.sql\" failed", exception.Reason, StringComparison.Ordinal);
        Assert.IsAssignableFrom<NpgsqlException>(exception.InnerException);
    }
}
