using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>Turns what a server or the way to it says into an error with a code. Never with a connection string: it may hold a password.</summary>
internal static class ServerFailure
{
    /// <summary>What a command can tell of an exception.</summary>
    /// <returns>Null for one that nobody foresaw.</returns>
    public static SchemaIsolationException? Find(Exception exception) => exception switch
    {
        SchemaIsolationException coded => coded,
        NpgsqlException failure => OnStatement("A statement of the command", failure),
        _ => null,
    };

    public static SchemaIsolationException OnConnect(ServerAddress address, string database, NpgsqlException exception) => exception switch
    {
        PostgresException refused when Pooler.IsRefusal(refused) => Pooler.Refuse(address, $"it refuses what a connection begins with: {refused.MessageText}", exception),
        PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } refused when refused.MessageText.EndsWith("no encryption", StringComparison.Ordinal) && address.SslMode == SslMode.Disable => new(
            "SI1123",
            $"The server at \"{address}\" refused a connection without TLS, and SSL Mode is \"Disable\". Set SSL Mode=Require in Server, or more, if the server has TLS, or add the entry to its pg_hba.conf: {refused.MessageText}",
            exception),
        PostgresException { SqlState: PostgresErrorCodes.InvalidAuthorizationSpecification } refused when refused.MessageText.Contains("client certificate", StringComparison.Ordinal) => new(
            "SI1123",
            $"The server at \"{address}\" asks role \"{address.Username}\" for a certificate. Name it in SSL Certificate, and its key in SSL Key, in Server: {refused.MessageText}",
            exception),
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused => new(
            "SI1102",
            $"The server at \"{address}\" refused the role \"{address.Username}\". Correct the user name and {Password(address)}, or the server's pg_hba.conf: {refused.MessageText}",
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
            $"The server at \"{address}\" asks role \"{address.Username}\" for a password, and none is configured. Name it in Server through the environment, or in a password file whose line has \"*\" for the database, or set PasswordCommand.",
            exception),
        { InnerException: AuthenticationException } => new(
            "SI1123",
            $"The certificate of the server at \"{address}\" is not signed by an authority of {Authorities(address)}{(address.SslMode == SslMode.VerifyFull ? $", or it is not for host \"{address.Host}\"" : string.Empty)}, as SSL Mode \"{address.SslMode}\" demands. Correct Root Certificate or the host in Server, or set SSL Mode=Require for no proof of who the server is: {exception.InnerException.Message}",
            exception),
        { Message: var message } when message.StartsWith("SSL connection requested", StringComparison.Ordinal) => new(
            "SI1123",
            $"The server at \"{address}\" has no TLS, and SSL Mode is \"{address.SslMode}\". Set ssl=on in the server's configuration, or SSL Mode=Prefer in Server where the way to it is safe.",
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

    /// <summary>For a file of the address that cannot be used.</summary>
    public static SchemaIsolationException OnFile(ServerAddress address, Exception exception)
        => new("SI1124", $"A certificate or key for the server at \"{address}\" cannot be used. Correct Root Certificate, SSL Certificate, SSL Key or SSL Password in Server; paths start at the file that names them: {exception.Message}", exception);

    private static string Authorities(ServerAddress address) => address.RootCertificate is { } file ? $"\"{file}\"" : "those that this system trusts";

    private static string Password(ServerAddress address)
        => address.RenewedPassword is null ? "password in Server" : "what PasswordCommand prints";

    /// <summary>Whether the connection went, and not the statement: on another it may succeed.</summary>
    public static bool IsCutOff(NpgsqlException exception)
        => exception is not PostgresException { SqlState: not (PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow) };

    /// <summary>For a statement of ours that failed in the middle of a session.</summary>
    public static SchemaIsolationException OnStatement(string doing, NpgsqlException exception) => exception switch
    {
        { InnerException: SchemaIsolationException coded } => coded,
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections } => new(
            "SI1109",
            $"{doing} failed, because the server has no connection left. Close connections in tests, lower MaxSlots, or raise the server's max_connections: {exception.Message}",
            exception),
        PostgresException answered => new("SI1108", $"{doing} failed ({answered.SqlState}): {answered.MessageText}", exception),
        _ => new("SI1108", $"{doing} failed, because the connection to the server was lost: {exception.Message}", exception),
    };
}
