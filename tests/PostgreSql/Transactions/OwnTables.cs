using Npgsql;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql.Transactions;

/// <summary>A database of one test with the table "parent", in which 1 is, and "child", which refers to it when the transaction ends.</summary>
internal sealed class OwnTables : IAsyncDisposable
{
    private readonly TestDatabase database;

    private OwnTables(TestDatabase database, NpgsqlConnection connection)
    {
        this.database = database;
        Connection = connection;
    }

    /// <summary>An open one.</summary>
    public NpgsqlConnection Connection { get; }

    public string ConnectionString => database.ConnectionString;

    public static async Task<OwnTables> CreateAsync(TestServer server)
    {
        var database = await server.CreateDatabaseAsync();
        var connection = await database.OpenAsync();
        await Psql.RunAsync(
            connection,
            "create table parent (n int primary key)",
            "create table child (n int references parent deferrable initially deferred)",
            "insert into parent values (1)");
        return new OwnTables(database, connection);
    }

    /// <returns>What is committed in "parent", joined by ", ".</returns>
    public Task<string> CommittedAsync() => Psql.RunAsync(ConnectionString, "select n from parent order by 1");

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await database.DisposeAsync();
    }
}
