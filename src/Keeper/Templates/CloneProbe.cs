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
    // What is as near to the best is measured once more.
    private const double Near = 1.25;

    private static readonly TimeSpan DropTimeLimit = TimeSpan.FromSeconds(10);

    private readonly PostgresServer server;
    private readonly DatabaseName template;
    private readonly DatabaseName copy;
    private readonly TimeSpan timeLimit;
    private readonly long start = TimeProvider.System.GetTimestamp();
    private readonly Dictionary<CloneStrategy, TimeSpan> times = [];

    private CloneProbe(PostgresServer server, DatabaseName template, TimeSpan timeLimit)
    {
        this.server = server;
        this.template = template;
        this.timeLimit = timeLimit;
        copy = DatabaseName.ForProbe(template.Owner);
    }

    /// <param name="server">Where the template is.</param>
    /// <param name="template">A template that nobody uses yet.</param>
    /// <param name="timeLimit">After which no other copy is begun. One that has begun is not cut off: cancelled statements leave work to others.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The fastest of those that were tried; null when there is no choice, or fewer than two could be tried in time.</returns>
    public static async Task<CloneStrategy?> RunAsync(PostgresServer server, DatabaseName template, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        var strategies = server.Description.Features.CloneStrategies;
        if (strategies.Count == 0)
            return null;

        var probe = new CloneProbe(server, template, timeLimit);
        try
        {
            // The server waits in steps of 100 ms for those who have just left.
            await server.EndConnectionsAsync(template, cancellationToken);
            if (await probe.MeasureAsync(strategies, cancellationToken))
                await probe.MeasureAsync(probe.FindNear(), cancellationToken);
        }
        catch (Exception exception) when (exception is NpgsqlException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Somebody has connected to the copy, say, or dropping it takes long: a sweep does that. What was measured stands.
        }

        return probe.times.Count > 1 ? probe.times.MinBy(time => time.Value).Key : null;
    }

    /// <returns>False when that takes too long.</returns>
    private async Task<bool> MeasureAsync(IReadOnlyList<CloneStrategy> strategies, CancellationToken cancellationToken)
    {
        foreach (var strategy in strategies)
        {
            if (TimeProvider.System.GetElapsedTime(start) >= timeLimit)
                return false;

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
                using var dropping = new CancellationTokenSource(DropTimeLimit);
                await server.DropDatabaseAsync(copy, dropping.Token);
            }
        }

        return true;
    }

    private List<CloneStrategy> FindNear()
    {
        if (times.Count == 0)
            return [];

        var limit = times.Values.Min() * Near;
        var near = times.Where(time => time.Value <= limit).Select(time => time.Key).ToList();
        return near.Count > 1 ? near : [];
    }

    /// <returns>Null when the server cannot do it.</returns>
    private async Task<TimeSpan?> TimeAsync(CloneStrategy strategy, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            await server.CreateDatabaseAsync(copy, template, cancellationToken, strategy);
            return TimeProvider.System.GetElapsedTime(begun);
        }
        catch (PostgresException)
        {
            // Its file system, or its platform.
            return null;
        }
    }
}
