using Npgsql;
using SchemaIsolation.Keeper.Migrations;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Migrations;

public sealed class ExtensionTests(TestServer server)
{
    private const string Installed = "select extname || ' ' || extnamespace::regnamespace from pg_extension where extname <> 'plpgsql' order by 1";

    [Fact]
    public async Task Two_schemas_share_the_extensions_of_the_first()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await OpenAsync(database);
        const string script = "create extension hstore; CREATE EXTENSION \"uuid-ossp\" WITH VERSION '1.1'; create extension if not exists citext; create table t as select 'a=>1'::hstore as h, current_setting('search_path') as path";

        await Replay.RunAsync(connection, MigrationTarget.Schema("a", isFirstInDatabase: true), script);
        await Replay.RunAsync(connection, MigrationTarget.Schema("b", isFirstInDatabase: false), script);

        Assert.Equal(["citext public", "hstore public", "uuid-ossp public"], await Replay.QueryAsync<string>(connection, Installed), StringComparer.Ordinal);
        Assert.Equal(["a, public", "b, public"], await Replay.QueryAsync<string>(connection, "select path from a.t union all select path from b.t"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Two_schemas_share_the_extensions_of_files_that_run_without_transaction()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await OpenAsync(database);
        const string script = "-- no-transaction\ncreate extension hstore; create table t as select current_setting('search_path') as path";

        await Replay.RunAsync(connection, MigrationTarget.Schema("a", isFirstInDatabase: true), script);
        await Replay.RunAsync(connection, MigrationTarget.Schema("b", isFirstInDatabase: false), script);

        Assert.Equal(["hstore public"], await Replay.QueryAsync<string>(connection, Installed), StringComparer.Ordinal);
        Assert.Equal(["a, public", "b, public"], await Replay.QueryAsync<string>(connection, "select path from a.t union all select path from b.t"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_extension_that_names_its_schema_goes_there_once()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await OpenAsync(database);
        const string script = "create extension hstore with schema extra";
        await Replay.ExecuteAsync(connection, "create schema extra");

        await Replay.RunAsync(connection, MigrationTarget.Schema("a", isFirstInDatabase: true), script);
        await Replay.RunAsync(connection, MigrationTarget.Schema("b", isFirstInDatabase: false), script);

        Assert.Equal(["hstore extra"], await Replay.QueryAsync<string>(connection, Installed), StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_extension_that_was_there_before_the_first_replay_fails_it()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await OpenAsync(database);
        await Replay.ExecuteAsync(connection, "create extension hstore");

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => Replay.RunAsync(connection, MigrationTarget.Schema("a", isFirstInDatabase: true), "create extension hstore"));

        Assert.Equal("SI1206", exception.Code);
        Assert.Contains("42710 (duplicate_object)", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_extension_that_is_made_twice_fails_in_every_replay()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await OpenAsync(database);
        await Replay.RunAsync(connection, MigrationTarget.Schema("a", isFirstInDatabase: true), "create extension hstore");

        var exception = await Assert.ThrowsAsync<SchemaIsolationException>(
            () => Replay.RunAsync(connection, MigrationTarget.Schema("b", isFirstInDatabase: false), "create extension hstore;", "create extension hstore;"));

        Assert.StartsWith("The migration \"2.sql\" failed at line 1, column 1", exception.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_database_an_extension_is_made_as_the_file_says()
    {
        await using var database = await server.CreateDatabaseAsync();
        await using var connection = await OpenAsync(database);

        await Replay.RunAsync(connection, MigrationTarget.Database, "set search_path to a; create extension hstore");

        Assert.Equal(["hstore a"], await Replay.QueryAsync<string>(connection, Installed), StringComparer.Ordinal);
    }

    private static async Task<NpgsqlConnection> OpenAsync(TestDatabase database)
    {
        var connection = await database.OpenAsync();
        await Replay.ExecuteAsync(connection, "create schema a", "create schema b");
        return connection;
    }
}
