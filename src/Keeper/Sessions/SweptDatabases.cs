using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>The databases in which suites make schemas of their own: swept before the tests start, and when the last session there ends.</summary>
/// <remarks>With a server of its own, so that the end is swept although the rest of the session could not start.</remarks>
internal sealed class SweptDatabases : IAsyncDisposable
{
    private readonly SessionServer? server;
    private readonly IReadOnlyList<SweptDatabase> databases;

    private SweptDatabases(SessionServer? server, IReadOnlyList<SweptDatabase> databases)
    {
        this.server = server;
        this.databases = databases;
    }

    /// <summary>What was swept so far; where other sessions are alive nothing was.</summary>
    public IReadOnlyList<ReportedSweep> Sweeps => [.. databases.SelectMany(database => database.Sweeps)];

    /// <summary>Sweeps where nobody is alive, and says that this session is. Without rules it asks for no server.</summary>
    /// <exception cref="SchemaIsolationException">SI3006, SI3007: a database may not be swept, and nothing was; or the server cannot be used.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The server refused a statement, or the connection was lost.</exception>
    public static async Task<SweptDatabases> StartAsync(Options options, KeeperLog log, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.Sweep.Count == 0)
            return new SweptDatabases(server: null, []);

        await Task.Yield();
        var server = await SessionServer.OpenAsync(options, time, cancellationToken);
        if (server.DataLost is { } reason)
            log.ServerDataLost(reason);
        var databases = new List<SweptDatabase>();
        try
        {
            databases.AddRange(await RequireConsentAsync(server, options, log, time, cancellationToken));

            // Each in turn, and none's gate held while another's is waited for: sessions that name the same ones cannot wait for each other.
            foreach (var database in databases)
                await database.StartAsync(cancellationToken);
            return new SweptDatabases(server, databases);
        }
        catch
        {
            await new SweptDatabases(server, databases).DisposeAsync();
            throw;
        }
    }

    /// <summary>The databases that rules name, none of them looked into yet.</summary>
    /// <exception cref="SchemaIsolationException">SI3006, SI3007: one of them may not be swept, or does not exist.</exception>
    public static async Task<IReadOnlyList<SweptDatabase>> RequireConsentAsync(
        SessionServer server, Options options, KeeperLog log, TimeProvider time, CancellationToken cancellationToken)
    {
        var targets = options.Sweep.GroupBy(rule => rule.Database, StringComparer.Ordinal).ToList();
        foreach (var rules in targets)
            await RequireConsentAsync(server.Postgres, rules.Key, rules.Any(rule => rule.IsAllowed), cancellationToken);
        return [.. targets.Select(rules => new SweptDatabase(server, rules.Key, [.. rules.SelectMany(rule => rule.Schemas)], log, time))];
    }

    /// <summary>Sweeps where this session is the last.</summary>
    /// <param name="patience"><inheritdoc cref="SweptDatabase.EndAsync" path="/param[@name='patience']"/></param>
    public async Task EndAsync(TimeSpan patience)
    {
        foreach (var database in databases)
            await database.EndAsync(patience);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in databases)
            await database.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
    }

    private static async Task RequireConsentAsync(PostgresServer server, string database, bool isAllowed, CancellationToken cancellationToken)
    {
        var comment = await server.CommentOfAsync(database, cancellationToken)
            ?? throw new SchemaIsolationException("SI3007", $"The database \"{database}\", which a Sweep rule names, does not exist on the server at \"{server.Address}\". Create it, or correct the rule.");
        if (!isAllowed && !SweepConsent.IsGiven(database, comment))
            throw new SchemaIsolationException("SI3006", $"The schemas in database \"{database}\" may not be swept, because nothing says that it is a test database. Name it with \"test\" as a word of its own, give it a comment that contains \"{SweepConsent.Mark}\", or add AllowDatabase=\"{database}\" to the Sweep rule.");
    }
}
