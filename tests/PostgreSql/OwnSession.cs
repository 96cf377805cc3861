using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Testing;

namespace SchemaIsolation.Tests.PostgreSql;

/// <summary>A session's id with its lock held, so that no other test's sweep takes its databases, which go with it.</summary>
internal sealed class OwnSession : IAsyncDisposable
{
    private readonly PostgresServer server;
    private readonly AdvisoryLock alive;

    private OwnSession(PostgresServer server, SessionId id, AdvisoryLock alive)
    {
        this.server = server;
        this.alive = alive;
        Id = id;
        Databases = new SessionDatabases(server, id);
    }

    public SessionId Id { get; }

    public SessionDatabases Databases { get; }

    public static Task<OwnSession> StartAsync(TestServer server) => StartAsync(server.Postgres);

    public static async Task<OwnSession> StartAsync(PostgresServer server)
    {
        var id = SessionId.New();
        return new OwnSession(server, id, (await AdvisoryLock.TryTakeSessionAsync(server, id, CancellationToken.None))!);
    }

    /// <returns>The databases of the session that the server lists, joined by ", ", with * for its id.</returns>
    public async Task<string> ListAsync()
        => (await Psql.RunAsync(server.Address, server.MaintenanceDatabase, $"select replace(datname, '{Id}', '*') from pg_database where datname like '%{Id}%' order by 1"));

    public async ValueTask DisposeAsync()
    {
        await SessionSweep.RunAsync(server, Id, CancellationToken.None);
        await alive.DisposeAsync();
    }
}
