using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Migrations;

public sealed class CopyTests(TestServer server)
{
    [Fact]
    public async Task Copied_data_arrives_between_the_statements_around_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        await Replay.RunAsync(
            connection,
            MigrationTarget.Database,
            "create table t (n serial, a text, b text);\n"
            + "copy t (a, b) from stdin; -- text\n"
            + "tab\\there\tback\\\\slash\n"
            + "\\N\té; '$$ --\n"
            + "\t.x\n"
            + "\\.\n"
            + "insert into t (a) select count(*)::text from t;\n"
            + "COPY t (a, b) FROM STDIN WITH (FORMAT csv, NULL 'nil');\n"
            + "\"x,\"\"y\",nil\n"
            + "\\.\n"
            + "update t set b = 'last' where n = 5;");

        Assert.Equal(
            ["tab\there|back\\slash", "null|é; '$$ --", "|.x", "3|null", "x,\"y|last"],
            await Replay.QueryAsync<string>(connection, "select coalesce(a, 'null') || '|' || coalesce(b, 'null') from t order by n"),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task Copied_data_with_carriage_returns_and_none_at_all_arrive()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        await Replay.RunAsync(connection, MigrationTarget.Database, "create table t (a text);\r\ncopy t from stdin;\r\none\r\ntwo\r\n\\.\r\ncopy t from stdin;\r\n\\.\r\n");

        Assert.Equal(["one", "two"], await Replay.QueryAsync<string>(connection, "select a from t"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_copy_belongs_to_the_transaction_of_its_file()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();
        await Replay.ExecuteAsync(connection, "create table t (a int)");

        await Assert.ThrowsAsync<SchemaIsolationException>(
            () => Replay.RunAsync(connection, MigrationTarget.Database, "insert into t values (1);\ncopy t from stdin;\n2\n\\.\nselect 1 / 0"));

        Assert.Equal([0L], await Replay.QueryAsync<long>(connection, "select count(*) from t"));
    }

    [Fact]
    public async Task A_copy_in_a_file_without_transaction_stays_when_the_next_statement_fails()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();
        await Replay.ExecuteAsync(connection, "create table t (a int)");

        await Assert.ThrowsAsync<SchemaIsolationException>(
            () => Replay.RunAsync(connection, MigrationTarget.Database, "-- no-transaction\ncopy t from stdin;\n2\n\\.\nselect 1 / 0"));

        Assert.Equal([2], await Replay.QueryAsync<int>(connection, "select a from t"));
    }

    [Fact]
    public async Task Data_that_does_not_fit_is_a_failure_of_its_statement()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await database.OpenAsync();

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => Replay.RunAsync(connection, MigrationTarget.Database, "create table t (a int);\n copy t from stdin;\n1\nx\n\\.\n"));

        Assert.Equal("SI1206", exception.Code);
        Assert.Equal(
            "The migration \"1.sql\" failed at line 2, column 2 in \"copy t from stdin\". Correct the file; the server answered 22P02 (invalid_text_representation): invalid input syntax for type integer: \"x\".",
            exception.Reason);
    }
}
