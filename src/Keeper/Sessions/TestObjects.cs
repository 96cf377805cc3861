using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>All that tests have on a server, of live sessions and dead ones: databases and schemas; templates, and what is kept of failed tests, aside.</summary>
internal static class TestObjects
{
    /// <returns>In words, in order.</returns>
    public static async Task<IReadOnlyList<string>> ListAsync(SessionServer server, Options options, KeeperLog log, TimeProvider time, CancellationToken cancellationToken)
    {
        var objects = new List<string>();
        if (server.Postgres.SharedDatabase is { } shared)
            objects.AddRange((await SharedSweep.ListAsync(server.Postgres, cancellationToken)).Select(schema => $"schema {schema} in database {shared}"));
        else
            objects.AddRange((await server.Postgres.ListDatabasesAsync(cancellationToken)).Where(database => database.Name.Kind != DatabaseKind.Kept && !(database.IsPublished && database.Name.Kind == DatabaseKind.Template)).Select(database => $"database {database.Name}"));

        foreach (var database in await SweptDatabases.RequireConsentAsync(server, options, log, time, cancellationToken))
            objects.AddRange((await database.ListAsync(cancellationToken)).Select(schema => $"schema {schema} in database {database.Name}"));
        return objects;
    }
}
