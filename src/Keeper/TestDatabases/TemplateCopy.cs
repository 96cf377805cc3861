using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.TestDatabases;

/// <summary>A copy of a template to look into, as nobody can connect to the template. It has a session's name and lock, so that the next sweep drops it if we cannot.</summary>
internal sealed class TemplateCopy : IAsyncDisposable
{
    private static readonly TimeSpan DropTimeLimit = TimeSpan.FromSeconds(10);

    private readonly PostgresServer server;
    private readonly AdvisoryLock alive;

    private TemplateCopy(PostgresServer server, AdvisoryLock alive, DatabaseName name)
    {
        this.server = server;
        this.alive = alive;
        Name = name;
    }

    public DatabaseName Name { get; }

    /// <exception cref="SchemaIsolationException">SI1005: a session has the same id; SI1206 to SI1216: the template cannot be built.</exception>
    public static async Task<TemplateCopy> MakeAsync(PostgresServer server, TemplateStore store, CancellationToken cancellationToken)
    {
        await using var template = await store.EnsureAsync(TemplateKind.Database, cancellationToken);
        var session = SessionId.New();
        var alive = await AdvisoryLock.TryTakeSessionAsync(server, session, cancellationToken)
            ?? throw new SchemaIsolationException("SI1005", $"A session on this server has drawn the same id \"{session}\". Run the command again.");
        var copy = new TemplateCopy(server, alive, DatabaseName.ForSlot(session, 1));
        try
        {
            await server.CreateDatabaseAsync(copy.Name, template.Name, cancellationToken, template.Strategy);
            return copy;
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A token of its own: what was cancelled or failed must not stay.
        using var timeLimit = new CancellationTokenSource(DropTimeLimit);
        try
        {
            await server.DropDatabaseAsync(Name, timeLimit.Token);
        }
        finally
        {
            await alive.DisposeAsync();
        }
    }
}
