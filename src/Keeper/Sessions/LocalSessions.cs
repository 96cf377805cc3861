using System.ComponentModel;
using System.Diagnostics;
using SchemaIsolation.Keeper.Inspection;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>Finds and ends the live sessions of this user, on this machine.</summary>
internal static class LocalSessions
{
    private static readonly TimeSpan EndTimeLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    public static async Task<IReadOnlyList<LocalSession>> ListAsync(PostgresServer server, CancellationToken cancellationToken)
        => [.. from session in await ServerInventory.ListSessionsAsync(server, cancellationToken)
               where session is { IsOfOurRole: true, IsHere: true } && IsKeeper(session.Holder!.Process)
               select new LocalSession(session.Id, session.Holder!)];

    /// <summary>Ends the keepers, then the connections of their tests, so that a sweep finds nobody.</summary>
    public static async Task EndAsync(PostgresServer server, IReadOnlyList<LocalSession> sessions, CancellationToken cancellationToken)
    {
        foreach (var session in sessions)
            session.End();
        var ids = sessions.Select(session => session.Id).ToHashSet();
        var areGone = await Poll.UntilAsync(
            async () => !(await ServerInventory.ListSessionsAsync(server, cancellationToken)).Any(session => ids.Contains(session.Id)), PollInterval, EndTimeLimit, cancellationToken);
        if (!areGone)
            throw new SchemaIsolationException("SI4009", $"Of the sessions that were to be ended some are alive still: {MessageText.List([.. sessions.Select(session => session.Describe())])}. What they have was left alone; end their processes by hand.");

        var owners = ids.Select(id => id.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var database in (await server.ListDatabasesAsync(cancellationToken)).Where(database => owners.Contains(database.Name.Owner)))
            await server.EndConnectionsAsync(database.Name, cancellationToken);
    }

    // A process of the same number on this machine may be another's, when the session's is one of a container of the same name.
    private static bool IsKeeper(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return found.Modules.Cast<ProcessModule>().Any(module => module.ModuleName == Path.GetFileName(typeof(LocalSessions).Assembly.Location));
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }
}
