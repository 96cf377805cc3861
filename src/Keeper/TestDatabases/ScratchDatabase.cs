using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.TestDatabases;

/// <summary>A database that a command makes for itself. It has a session's name and lock, so that the next sweep drops it if we cannot.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private static readonly TimeSpan DropTimeLimit = TimeSpan.FromSeconds(10);

    private readonly PostgresServer server;
    private readonly AdvisoryLock alive;
    private bool isPublished;

    private ScratchDatabase(PostgresServer server, AdvisoryLock alive, DatabaseName name)
    {
        this.server = server;
        this.alive = alive;
        Name = name;
    }

    public DatabaseName Name { get; }

    /// <summary>A copy of a template to look into, as nobody can connect to the template.</summary>
    /// <exception cref="SchemaIsolationException">SI1005: a session has the same id; SI1206 to SI1216: the template cannot be built.</exception>
    public static async Task<ScratchDatabase> CopyAsync(PostgresServer server, TemplateStore store, CancellationToken cancellationToken)
    {
        await using var template = await store.EnsureAsync(TemplateKind.Database, cancellationToken);
        return await MakeAsync(server, template.Name, template.Strategy, cancellationToken);
    }

    /// <exception cref="SchemaIsolationException">SI1005: a session has the same id.</exception>
    public static Task<ScratchDatabase> MakeEmptyAsync(PostgresServer server, CancellationToken cancellationToken)
        => MakeAsync(server, template: null, strategy: null, cancellationToken);

    /// <summary>Gives it the name that it is to stay under. What is called so is whole, whenever we are killed.</summary>
    public async Task PublishAsync(DatabaseName name, CancellationToken cancellationToken)
    {
        await server.RenameDatabaseAsync(Name, name, cancellationToken);
        isPublished = true;
    }

    public async ValueTask DisposeAsync()
    {
        // A token of its own: what was cancelled or failed must not stay.
        using var timeLimit = new CancellationTokenSource(DropTimeLimit);
        try
        {
            if (!isPublished)
                await server.DropDatabaseAsync(Name, timeLimit.Token);
        }
        finally
        {
            await alive.DisposeAsync();
        }
    }

    private static async Task<ScratchDatabase> MakeAsync(PostgresServer server, DatabaseName? template, CloneStrategy? strategy, CancellationToken cancellationToken)
    {
        var session = SessionId.New();
        var alive = await AdvisoryLock.TryTakeSessionAsync(server, session, cancellationToken)
            ?? throw new SchemaIsolationException("SI1005", $"A session on this server has drawn the same id \"{session}\". Run the command again.");
        var scratch = new ScratchDatabase(server, alive, DatabaseName.ForSlot(session, 1));
        try
        {
            await server.CreateDatabaseAsync(scratch.Name, template, cancellationToken, strategy);
            return scratch;
        }
        catch
        {
            await scratch.DisposeAsync();
            throw;
        }
    }
}
