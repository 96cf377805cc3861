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
        var (dropped, worked, failures) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var session in dead)
        {
            await using var free = await AdvisoryLock.TryTakeSessionAsync(server, session, cancellationToken);
            if (free is null)
                continue;

            // Asked first: each that somebody is at work in would be waited for, and the others behind it.
            var (idle, busy) = await SortAsync(server, await ListAsync(server, session, cancellationToken), isDryRun, cancellationToken);
            worked.AddRange(busy);
            IReadOnlyList<KeptSchema> kept = isDryRun ? [] : (await SweepOf(server, idle).RunAsync(cancellationToken)).Kept;
            dropped.AddRange(idle.Except(kept.Select(schema => schema.Name), StringComparer.Ordinal));
            failures.AddRange(kept.Select(Describe));
        }

        return new SweepResult(dropped, worked, failures);
    }

    /// <summary>Drops all of a session that ends, whoever is at work in it.</summary>
    /// <returns>What is left, as the server lists it after the sweep; and why.</returns>
    public static async Task<(IReadOnlyList<string> Left, IReadOnlyList<string> Failures)> OfSessionAsync(
        PostgresServer server, SessionId session, CancellationToken cancellationToken)
    {
        var schemas = await ListAsync(server, session, cancellationToken);
        foreach (var schema in schemas)
            await EndWorkAsync(server, schema, cancellationToken);
        var result = await SweepOf(server, schemas).RunAsync(cancellationToken);
        return (await ListAsync(server, session, cancellationToken), [.. result.Kept.Select(Describe)]);
    }

    /// <summary>Drops one schema of ours, whoever is at work in it.</summary>
    /// <returns>Why it was kept: what is not ours would go with it, or our role may not end who is at work in it. Null when it is gone.</returns>
    public static async Task<string?> DropAsync(PostgresServer server, string schema, CancellationToken cancellationToken)
    {
        await EndWorkAsync(server, schema, cancellationToken);
        return (await SweepOf(server, [schema]).RunAsync(cancellationToken)).Kept.FirstOrDefault()?.Reason;
    }

    /// <summary>Our schemas of all sessions, as the server lists them.</summary>
    public static async Task<IReadOnlyList<string>> ListAsync(PostgresServer server, CancellationToken cancellationToken)
        => [.. (await server.ListAsync(Sql.ListSchemas, cancellationToken)).Select(row => row[0]!).Where(schema => SchemaName.SessionOf(schema) is not null)];

    private static async Task<IReadOnlyList<string>> ListAsync(PostgresServer server, SessionId session, CancellationToken cancellationToken)
        => [.. (await ListAsync(server, cancellationToken)).Where(schema => SchemaName.SessionOf(schema) == session)];

    private static SchemaSweep SweepOf(PostgresServer server, IReadOnlyCollection<string> schemas)
        => new(server, server.MaintenanceDatabase, schema => schemas.Contains(schema, StringComparer.Ordinal));

    private static async Task<(List<string> Idle, List<string> Busy)> SortAsync(PostgresServer server, IReadOnlyList<string> schemas, bool isDryRun, CancellationToken cancellationToken)
    {
        var (idle, busy) = (new List<string>(), new List<string>());
        foreach (var schema in schemas)
        {
            // A prepared transaction of a dead session's is nobody's work.
            if (!isDryRun)
                await RollBackPreparedAsync(server, schema, cancellationToken);
            ((await server.ListAsync(SharedSql.IsWorkedIn, cancellationToken, schema))[0][0] == "true" ? busy : idle).Add(schema);
        }

        return (idle, busy);
    }

    private static async Task EndWorkAsync(PostgresServer server, string schema, CancellationToken cancellationToken)
    {
        await server.ExecuteAsync(SharedSql.EndWorkIn, cancellationToken, schema);
        await RollBackPreparedAsync(server, schema, cancellationToken);
    }

    private static async Task RollBackPreparedAsync(PostgresServer server, string schema, CancellationToken cancellationToken)
    {
        foreach (var row in await server.ListAsync(SharedSql.ListPreparedIn, cancellationToken, schema))
            await server.ExecuteAsync(Sql.RollBackPrepared(row[0]!), cancellationToken);
    }

    private static string Describe(KeptSchema schema) => $"{schema.Name}: {schema.Reason}";
}
