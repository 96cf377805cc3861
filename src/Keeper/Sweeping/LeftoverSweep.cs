using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Sweeping;

/// <summary>Drops what dead sessions left on the server, and what was kept of failed tests when its time is over.</summary>
/// <remarks>
/// A leftover is an object whose name parses as ours and whose session's lock is free, twice: a session takes its lock before it
/// makes its first object, and retakes it at once when the server cuts it off. While a sweep holds that lock nobody else sweeps the same, and it drops nothing that somebody is connected to.
/// </remarks>
internal sealed class LeftoverSweep
{
    private readonly PostgresServer server;
    private readonly bool isDryRun;
    private readonly TimeProvider time;
    private readonly string? project;
    private readonly List<string> dropped = [];
    private readonly List<string> kept = [];
    private readonly List<string> failures = [];

    private LeftoverSweep(PostgresServer server, bool isDryRun, TimeProvider time, string? project)
    {
        this.server = server;
        this.isDryRun = isDryRun;
        this.time = time;
        this.project = project;
    }

    /// <summary>Of a server whose database is shared, what is swept is our schemas in it.</summary>
    /// <param name="server">What is swept.</param>
    /// <param name="isDryRun">Whether what would be dropped is only listed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="time">Says what is due.</param>
    /// <param name="project">Whose failed tests' databases are dropped although they are not due; null for nobody's.</param>
    public static async Task<SweepResult> RunAsync(PostgresServer server, bool isDryRun, CancellationToken cancellationToken, TimeProvider? time = null, string? project = null)
    {
        if (server.SharedDatabase is not null)
            return await SharedSweep.OfDeadAsync(server, isDryRun, cancellationToken);

        var sweep = new LeftoverSweep(server, isDryRun, time ?? TimeProvider.System, project);
        await sweep.RunAsync(cancellationToken);
        return new SweepResult(sweep.dropped, sweep.kept, sweep.failures);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        var due = (await KeptDatabase.ListAsync(server, cancellationToken)).Where(kept => kept.IsDue(time.GetUtcNow()) || kept.IsOfProject(project)).Select(kept => kept.Name).ToHashSet();
        var candidates = (await server.ListDatabasesAsync(cancellationToken))
            .Where(database => !IsTemplate(database.Name, database.IsPublished) && (database.Name.Kind != DatabaseKind.Kept || due.Contains(database.Name)))
            .GroupBy(database => (database.Name.IsOfTemplate, database.Name.Owner))
            .ToList();
        var dead = new List<IGrouping<(bool IsOfTemplate, string Owner), OwnDatabase>>();
        foreach (var owned in candidates)
        {
            await using var free = await TryTakeAsync(owned.Key, cancellationToken);
            if (free is not null)
                dead.Add(owned);
        }

        if (dead.Count == 0)
            return;

        await SecondLook.WaitAsync(cancellationToken);
        foreach (var owned in dead)
            await DropAsync(owned, cancellationToken);
    }

    private async Task DropAsync(IGrouping<(bool IsOfTemplate, string Owner), OwnDatabase> owned, CancellationToken cancellationToken)
    {
        await using var free = await TryTakeAsync(owned.Key, cancellationToken);
        if (free is null)
            return;

        foreach (var database in owned)
            await DropAsync(database.Name, cancellationToken);
    }

    private Task<AdvisoryLock?> TryTakeAsync((bool IsOfTemplate, string Owner) owner, CancellationToken cancellationToken)
        => owner.IsOfTemplate
            ? AdvisoryLock.TryTakeTemplateAsync(server, owner.Owner, cancellationToken)
            : AdvisoryLock.TryTakeSessionAsync(server, SessionId.Parse(owner.Owner), cancellationToken);

    // A test may mark a database of its session so; that makes it no template of ours.
    private static bool IsTemplate(DatabaseName database, bool isPublished) => isPublished && database.Kind == DatabaseKind.Template;

    private async Task DropAsync(DatabaseName database, CancellationToken cancellationToken)
    {
        try
        {
            // It may have been published or dropped between the listing and the lock.
            if (await server.IsPublishedAsync(database, cancellationToken) is not { } isPublished || IsTemplate(database, isPublished))
                return;

            // Asked first: the server would wait five seconds for whoever is connected, and the others behind it.
            var isUnused = await server.CountConnectionsAsync(database, cancellationToken) == 0
                && (isDryRun || await server.TryDropUnusedDatabaseAsync(database, cancellationToken));
            (isUnused ? dropped : kept).Add(database.ToString());
        }
        catch (PostgresException exception)
        {
            // One that cannot be dropped must not keep the others.
            failures.Add($"{database}: {exception.MessageText}");
        }
    }
}
