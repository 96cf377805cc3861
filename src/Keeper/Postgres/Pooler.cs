using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>A pooler between us and the server, on whose connections neither locks nor settings hold: found by what it does, whatever it is called.</summary>
/// <remarks>Looked for before anything is locked or made: a lock that is taken on another's connection stays with that connection.</remarks>
internal static class Pooler
{
    /// <summary>What every connection of the keeper begins with, to see whether it arrives.</summary>
    public const string Mark = "-c schema_isolation.keeper=on";

    private const int Rounds = 3;
    private const string WhoAnswers = "select pg_catalog.pg_backend_pid(), coalesce(current_setting('schema_isolation.keeper', true), '') = 'on'";

    /// <exception cref="SchemaIsolationException">SI1120: one that shares the server's connections between clients, or keeps settings to itself.</exception>
    public static async Task RequireNoneAsync(MaintenanceConnections connections, ServerAddress address, string database, CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenAsync(cancellationToken);
        var (backend, isMarked) = await AskAsync(connection, cancellationToken);

        // A server says at the beginning which process of its answers; a pooler, which cannot know, says something of its own.
        if (backend != connection.ProcessID && await SharesConnectionsAsync(address, database, cancellationToken))
            throw Refuse(address, "several of its clients are answered by one connection of the server, or one by several, so that no lock of a session holds");
        if (!isMarked)
            throw Refuse(address, "it does not pass on the settings that a connection begins with, among them a slot's search path");
    }

    /// <summary>For a template that cannot be copied because somebody is connected to it: nobody can be since it was published, and what we had there we have closed.</summary>
    /// <exception cref="SchemaIsolationException">SI1120: a connection of ours is still there.</exception>
    public static async Task RequireNoneKeptAsync(PostgresServer server, DatabaseName template, PostgresException inUse, CancellationToken cancellationToken)
    {
        var connected = await server.ListConnectionsAsync([template.ToString()], cancellationToken);
        if (connected.Any(connections => connections.Application == KeeperConnection.ApplicationName) && await server.IsPublishedAsync(template, cancellationToken) is true)
            throw Refuse(server.Address, $"it keeps a connection of the server open when its client has gone, so that no database can be copied: {inUse.MessageText}", inUse);
    }

    /// <summary>Whether that is what a pooler says to the settings that a connection of ours begins with.</summary>
    public static bool IsRefusal(PostgresException exception) => exception.SqlState switch
    {
        PostgresErrorCodes.ProtocolViolation => exception.MessageText.Contains("startup parameter", StringComparison.Ordinal), // 08P01: pgbouncer
        PostgresErrorCodes.FeatureNotSupported => exception.MessageText.Contains("command-line options", StringComparison.Ordinal), // 0A000: RDS Proxy
        _ => false,
    };

    public static SchemaIsolationException Refuse(ServerAddress address, string why, Exception? innerException = null)
        => new("SI1120", $"A connection pooler stands in front of the server at \"{address}\". Name the server's own address in Server, which providers of poolers call the direct one: {why}", innerException);

    /// <summary>Has two clients ask in turn who answers them: always the same one, and never the other's, when each has a connection of its own.</summary>
    internal static async Task<bool> SharesConnectionsAsync(ServerAddress address, string database, CancellationToken cancellationToken)
    {
        try
        {
            await using var first = await OpenAsync(address, database, cancellationToken);
            var ofFirst = await AskAsync(first, cancellationToken);
            await using var second = await OpenAsync(address, database, cancellationToken);
            var ofSecond = await AskAsync(second, cancellationToken);
            for (var round = 0; round < Rounds && ofFirst != ofSecond; round++)
            {
                // While the one is in a transaction, what it was answered by before is no other's to have.
                await using (await second.BeginTransactionAsync(cancellationToken))
                {
                    if (ofSecond != await AskAsync(second, cancellationToken) || ofFirst != await AskAsync(first, cancellationToken))
                        return true;
                }

                if (ofFirst != await AskAsync(first, cancellationToken) || ofSecond != await AskAsync(second, cancellationToken))
                    return true;
            }

            return ofFirst == ofSecond;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.ProtocolViolation && !IsRefusal(exception)) // 08P01
        {
            return true; // It forbids transactions: each statement has another connection.
        }
    }

    // Nothing is prepared: what one connection of the server knows, another does not.
    private static Task<NpgsqlConnection> OpenAsync(ServerAddress address, string database, CancellationToken cancellationToken)
        => KeeperConnection.OpenAloneAsync(KeeperConnection.Configure(address.For(database)), cancellationToken);

    private static async Task<(int Backend, bool IsMarked)> AskAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(WhoAnswers, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetInt32(0), reader.GetBoolean(1));
    }
}
