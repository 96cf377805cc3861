using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Sweeping;

/// <summary>Drops our schemas in a database that others use too, and nothing else there.</summary>
internal static class SharedSweep
{
    /// <summary>Drops what dead sessions left: those whose locks are free, twice.</summary>
    public static async Task<SweepResult> OfDeadAsync(PostgresServer server, bool isDryRun, CancellationToken cancellationToken)
    {
        var dead = new List<SessionId>();
        foreach (var session in (await ListAsync(server, cancellationToken)).Select(schema => SchemaName.SessionOf(schema)!.Value).Distinct())
        {
            await using var free = await AdvisoryLock.TryTakeSessionAsync(server, session, cancellationToken);
            if (free is not null)
                dead.Add(session);
        }

        if (dead.Count == 0)
            return new SweepResult([], [], []);

        await SecondLook.WaitAsync(cancellationToken);
        var dropped = new List<string>();
        var failures = new List<string>();
        foreach (var session in dead)
        {
            await using var free = await AdvisoryLock.TryTakeSessionAsync(server, session, cancellationToken);
            if (free is null)
                continue;

            var schemas = await ListAsync(server, session, cancellationToken);
            IReadOnlyList<KeptSchema> kept = isDryRun ? [] : (await SweepOf(server, session).RunAsync(cancellationToken)).Kept;
            dropped.AddRange(schemas.Except(kept.Select(schema => schema.Name), StringComparer.Ordinal));
            failures.AddRange(kept.Select(Describe));
        }

        return new SweepResult(dropped, [], failures);
    }

    /// <summary>Drops all of a session that ends, whoever is at work in it.</summary>
    /// <returns>What is left, as the server lists it after the sweep; and why.</returns>
    public static async Task<(IReadOnlyList<string> Left, IReadOnlyList<string> Failures)> OfSessionAsync(
        PostgresServer server, SessionId session, CancellationToken cancellationToken)
    {
        foreach (var schema in await ListAsync(server, session, cancellationToken))
            await server.ExecuteAsync(SharedSql.EndWorkIn, cancellationToken, schema);
        var result = await SweepOf(server, session).RunAsync(cancellationToken);
        return (await ListAsync(server, session, cancellationToken), [.. result.Kept.Select(Describe)]);
    }

    /// <summary>Drops one schema of ours.</summary>
    /// <exception cref="SchemaIsolationException">SI3003: it was kept, because somebody is at work in it, or what is not ours would go with it.</exception>
    public static async Task DropAsync(PostgresServer server, string schema, CancellationToken cancellationToken)
    {
        var result = await new SchemaSweep(server, server.MaintenanceDatabase, name => name == schema).RunAsync(cancellationToken);
        if (result.Kept.Count > 0)
            throw new SchemaIsolationException("SI3003", result.Kept[0].Reason);
    }

    /// <summary>Our schemas of all sessions, as the server lists them.</summary>
    public static async Task<IReadOnlyList<string>> ListAsync(PostgresServer server, CancellationToken cancellationToken)
        => [.. (await server.ListAsync(Sql.ListSchemas, cancellationToken)).Select(row => row[0]!).Where(schema => SchemaName.SessionOf(schema) is not null)];

    private static async Task<IReadOnlyList<string>> ListAsync(PostgresServer server, SessionId session, CancellationToken cancellationToken)
        => [.. (await ListAsync(server, cancellationToken)).Where(schema => SchemaName.SessionOf(schema) == session)];

    private static SchemaSweep SweepOf(PostgresServer server, SessionId session) => new(server, server.MaintenanceDatabase, schema => SchemaName.SessionOf(schema) == session);

    private static string Describe(KeptSchema schema) => $"{schema.Name}: {schema.Reason}";
}
