using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Sweeping;

/// <summary>Drops everything of a session that ends, and counts what is left.</summary>
internal static class SessionSweep
{
    private const int AtOnce = 4;

    /// <returns>What is left on the server, as the server lists it after the sweep; and why.</returns>
    public static async Task<(IReadOnlyList<DatabaseName> Left, IReadOnlyList<string> Failures)> RunAsync(
        PostgresServer server, SessionId session, CancellationToken cancellationToken)
    {
        var failures = new List<string>();
        await Parallel.ForEachAsync(
            await ListAsync(server, session, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (database, token) =>
            {
                try
                {
                    await server.DropDatabaseAsync(database, token);
                }
                catch (PostgresException exception)
                {
                    // One that cannot be dropped must not keep the others.
                    lock (failures)
                        failures.Add($"{database}: {exception.MessageText}");
                }
            });
        return (await ListAsync(server, session, cancellationToken), failures);
    }

    private static async Task<IReadOnlyList<DatabaseName>> ListAsync(PostgresServer server, SessionId session, CancellationToken cancellationToken)
        => [.. (await server.ListDatabasesAsync(cancellationToken))
            .Select(database => database.Name)
            .Where(name => name.IsOf(session))];
}
