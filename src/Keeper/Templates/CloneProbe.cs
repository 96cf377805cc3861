using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Templates;

/// <summary>Measures in which way a server copies a template fastest: by copying it.</summary>
/// <remarks>
/// Which one it is hangs on the server's version, its file system, fsync, and how large the template is. Whoever runs this holds the
/// lock for building the template: the copy is swept when the keeper dies in between.
/// </remarks>
internal sealed class CloneProbe
{
    // What takes longer than the best so far by as much has lost, and is not waited for; what is nearer to it is measured once more.
    private const double Lost = 1.5;
    private const double Near = 1.25;

    private static readonly TimeSpan DropTimeLimit = TimeSpan.FromSeconds(10);

    private readonly PostgresServer server;
    private readonly DatabaseName template;
    private readonly DatabaseName copy;
    private readonly Dictionary<CloneStrategy, TimeSpan> times = [];

    private CloneProbe(PostgresServer server, DatabaseName template)
    {
        this.server = server;
        this.template = template;
        copy = DatabaseName.ForProbe(template.Owner);
    }

    /// <param name="server">Where the template is.</param>
    /// <param name="template">A template that nobody uses yet.</param>
    /// <param name="timeLimit">How long all of it may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when there is no choice, or when not each way could be tried in time.</returns>
    public static async Task<CloneStrategy?> RunAsync(PostgresServer server, DatabaseName template, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        var strategies = server.Description.Features.CloneStrategies;
        if (strategies.Count == 0)
            return null;

        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        inTime.CancelAfter(timeLimit);
        var probe = new CloneProbe(server, template);
        var isCompared = false;
        try
        {
            // The server waits in steps of 100 ms for those who have just left.
            await server.EndConnectionsAsync(template, cancellationToken);
            await probe.MeasureAsync(strategies, inTime.Token);
            isCompared = probe.times.Count > 0;
            await probe.MeasureNearAsync(inTime.Token);
        }
        catch (Exception exception) when (exception is PostgresException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Out of time, say, or somebody has connected to the copy. A whole first round stands, and half of one says nothing.
        }

        return isCompared ? probe.times.MinBy(time => time.Value).Key : null;
    }

    private async Task MeasureAsync(IEnumerable<CloneStrategy> strategies, CancellationToken cancellationToken)
    {
        foreach (var strategy in strategies)
        {
            // Of a keeper that was killed.
            await server.ExecuteAsync(Sql.DropDatabase(copy.OwnName), cancellationToken);
            try
            {
                if (await TimeAsync(strategy, cancellationToken) is { } time && !(times.TryGetValue(strategy, out var before) && before < time))
                    times[strategy] = time;
            }
            finally
            {
                // A token of its own: what was cancelled must not stay either.
                using var timeLimit = new CancellationTokenSource(DropTimeLimit);
                await server.DropDatabaseAsync(copy, timeLimit.Token);
            }
        }
    }

    private Task MeasureNearAsync(CancellationToken cancellationToken)
    {
        var near = times.Where(time => time.Value <= times.Values.Min() * Near).Select(time => time.Key).ToList();
        return MeasureAsync(near.Count > 1 ? near : [], cancellationToken);
    }

    /// <returns>Null when the server cannot do it, or not as fast as another way.</returns>
    private async Task<TimeSpan?> TimeAsync(CloneStrategy strategy, CancellationToken cancellationToken)
    {
        using var hopeful = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (times.Count > 0)
            hopeful.CancelAfter(times.Values.Min() * Lost);
        var start = TimeProvider.System.GetTimestamp();
        try
        {
            await server.CreateDatabaseAsync(copy, template, hopeful.Token, strategy);
            return TimeProvider.System.GetElapsedTime(start);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        catch (PostgresException)
        {
            // Its file system, or its platform.
            return null;
        }
    }
}
