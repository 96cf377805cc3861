using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>All that a sweep would drop, or would if nobody were connected to it.</summary>
internal static class Leftovers
{
    /// <returns>In words, in order.</returns>
    public static async Task<IReadOnlyList<string>> ListAsync(SessionServer server, Options options, KeeperLog log, TimeProvider time, CancellationToken cancellationToken)
    {
        var swept = await LeftoverSweep.RunAsync(server.Postgres, isDryRun: true, cancellationToken);
        var leftovers = swept.Dropped.Concat(swept.Kept).Order(StringComparer.Ordinal).ToList();
        foreach (var database in await SweptDatabases.RequireConsentAsync(server, options, log, time, cancellationToken))
            leftovers.AddRange((await database.SweepAsync(isDryRun: true, cancellationToken)).Select(schema => $"schema {schema} in database {database.Name}"));
        return leftovers;
    }
}
