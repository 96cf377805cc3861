using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Templates;

namespace SchemaIsolation.Keeper.Inspection;

/// <summary>How long a step took, each time.</summary>
internal sealed record Measurement(string Name, IReadOnlyList<double> Milliseconds)
{
    /// <param name="server">Where.</param>
    /// <param name="store">The template; null for an empty database.</param>
    /// <param name="times">How often each step is done, after one that is not counted.</param>
    /// <param name="onProgress">Told how many steps are done, and of how many.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<Measurement>> RunAsync(PostgresServer server, TemplateStore? store, int times, Action<int, int> onProgress, CancellationToken cancellationToken)
    {
        var steps = server.SharedDatabase is null ? 4 : 2;
        var of = steps * (times + 1);
        var trips = await RepeatAsync(times, () => server.NextTransactionAsync(cancellationToken), done => onProgress(done, of));
        var connections = await RepeatAsync(times, async () => await (await server.OpenUnpooledAsync(server.MaintenanceDatabase, cancellationToken)).DisposeAsync(), done => onProgress(times + 1 + done, of));
        return
        [
            new("round trip", trips),
            new("new connection", connections),
            .. server.SharedDatabase is null ? await CopyAsync(server, store, times, done => onProgress(2 * (times + 1 + done), of), cancellationToken) : [],
        ];
    }

    // Under the lock of a session, so that a sweep drops what we cannot.
    private static async Task<IReadOnlyList<Measurement>> CopyAsync(PostgresServer server, TemplateStore? store, int times, Action<int> onDone, CancellationToken cancellationToken)
    {
        var session = SessionId.New();
        await using var alive = await AdvisoryLock.TryTakeSessionAsync(server, session, cancellationToken, SessionHolder.Current("bench"))
            ?? throw new SchemaIsolationException("SI1005", $"A session on this server has drawn the same id \"{session}\". Run the command again.");
        await using var template = store is null ? null : await store.EnsureAsync(TemplateKind.Database, cancellationToken);
        var slot = DatabaseName.ForSlot(session, 1);
        var (made, dropped) = (new List<double>(), new List<double>());
        try
        {
            for (var i = 0; i <= times; i++)
            {
                made.Add(await TakeAsync(() => server.CreateDatabaseAsync(slot, template?.Name, cancellationToken, template?.Strategy)));
                dropped.Add(await TakeAsync(() => server.DropDatabaseAsync(slot, cancellationToken)));
                onDone(i + 1);
            }
        }
        finally
        {
            // A token of its own: what was made must not stay.
            await server.DropDatabaseAsync(slot, CancellationToken.None);
        }

        return [new(store is null ? "empty database made" : "copy of the template made", made[1..]), new("copy dropped", dropped[1..])];
    }

    private static async Task<List<double>> RepeatAsync(int times, Func<Task> runAsync, Action<int> onDone)
    {
        var taken = new List<double>();
        for (var i = 0; i <= times; i++)
        {
            taken.Add(await TakeAsync(runAsync));
            onDone(i + 1);
        }

        return taken[1..];
    }

    private static async Task<double> TakeAsync(Func<Task> runAsync)
    {
        var start = TimeProvider.System.GetTimestamp();
        await runAsync();
        return TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
    }
}
