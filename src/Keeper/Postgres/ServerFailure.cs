using System.Net.Sockets;
using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>Turns what a server or the way to it says into an error with a code. Never with a connection string: it may hold a password.</summary>
internal static class ServerFailure
{
    public static SchemaIsolationException OnConnect(ServerAddress address, string database, NpgsqlException exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused => new(
            "SI1102",
            $"The server at \"{address}\" refused the role \"{address.Username}\". Correct the user name and password in Server, or the server's pg_hba.conf: {refused.MessageText}",
            exception),
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } => new(
            "SI1107",
            $"The server at \"{address}\" has no database \"{database}\" to connect to. Set MaintenanceDatabase, or SharedDatabase where you use that, to one that exists.",
            exception),
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => new(
            "SI1109",
            $"The server at \"{address}\" has no connection left for the keeper. Close connections, or raise the server's max_connections: {exception.Message}",
            exception),
        PostgresException answered => new(
            "SI1101",
            $"The server at \"{address}\" answered, but cannot be used ({answered.SqlState}): {answered.MessageText}",
            exception),
        { Message: var message } when message.StartsWith("No password has been provided", StringComparison.Ordinal) => new(
            "SI1102",
            $"The server at \"{address}\" asks role \"{address.Username}\" for a password, and none is configured. Name it in Server through the environment, or in a password file.",
            exception),
        { InnerException: SocketException or TimeoutException or IOException } => new(
            "SI1101",
            $"The server at \"{address}\" cannot be reached. Start it, correct Server, or leave Server out to use the embedded one: {exception.InnerException.Message}",
            exception),
        _ => new(
            "SI1101",
            $"The server at \"{address}\" cannot be used as role \"{address.Username}\": {exception.Message}",
            exception),
    };

    /// <summary>Whether the connection went, and not the statement: on another it may succeed.</summary>
    public static bool IsCutOff(NpgsqlException exception)
        => exception is not PostgresException { SqlState: not (PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow) };

    /// <summary>For a statement of ours that failed in the middle of a session.</summary>
    public static SchemaIsolationException OnStatement(string doing, NpgsqlException exception) => exception switch
    {
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => new(
            "SI1109",
            $"{doing} failed, because the server has no connection left. Close connections in tests, lower MaxSlots, or raise the server's max_connections: {exception.Message}",
            exception),
        PostgresException answered => new("SI1108", $"{doing} failed ({answered.SqlState}): {answered.MessageText}", exception),
        _ => new("SI1108", $"{doing} failed, because the connection to the server was lost: {exception.Message}", exception),
    };
}
