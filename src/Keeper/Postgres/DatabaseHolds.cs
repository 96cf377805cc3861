using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>What belongs to no connection, and keeps the database that it is in from being dropped all the same.</summary>
internal static class DatabaseHolds
{
    // A publisher that does not answer: what is left there is nobody's here.
    private const string Options = "-c statement_timeout=3s";

    private const string ListPrepared = "select gid from pg_catalog.pg_prepared_xacts where database = $1";

    private const string ListSubscriptions =
        """
        select subname::text from pg_catalog.pg_subscription
        where subdbid = (select oid from pg_catalog.pg_database where datname = $1) order by subname
        """;

    /// <summary>The subscriptions that lead into a database. A copy of it has none.</summary>
    public static async Task<IReadOnlyList<string>> ListSubscriptionsAsync(PostgresServer server, DatabaseName database, CancellationToken cancellationToken)
        => [.. (await server.ListAsync(ListSubscriptions, cancellationToken, database.ToString())).Select(row => row[0]!)];

    /// <summary>Ends what a test has prepared and left, and subscriptions.</summary>
    /// <returns>Whether there was any.</returns>
    public static async Task<bool> EndAsync(PostgresServer server, DatabaseName database, CancellationToken cancellationToken)
    {
        var prepared = await server.ListAsync(ListPrepared, cancellationToken, database.ToString());
        var subscriptions = await ListSubscriptionsAsync(server, database, cancellationToken);
        if (prepared.Count + subscriptions.Count == 0)
            return false;

        await using var connection = await server.OpenUnpooledAsync(database.ToString(), cancellationToken, options: Options);
        foreach (var row in prepared)
            await ExecuteAsync(connection, Sql.RollBackPrepared(row[0]!), cancellationToken);
        foreach (var subscription in subscriptions)
            await DropAsync(connection, subscription, cancellationToken);
        return true;
    }

    private static async Task DropAsync(NpgsqlConnection connection, string subscription, CancellationToken cancellationToken)
    {
        var name = Identifier.Quote(subscription);
        await ExecuteAsync(connection, $"alter subscription {name} disable", cancellationToken);
        try
        {
            await ExecuteAsync(connection, $"drop subscription {name}", cancellationToken);
        }
        catch (PostgresException)
        {
            // Its publisher cannot be reached, or has no such slot.
            await ExecuteAsync(connection, $"alter subscription {name} set (slot_name = none)", cancellationToken);
            await ExecuteAsync(connection, $"drop subscription {name}", cancellationToken);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
