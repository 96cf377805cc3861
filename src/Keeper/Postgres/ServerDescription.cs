namespace SchemaIsolation.Keeper.Postgres;

/// <param name="VersionNumber">As the server counts: 150018 is 15.18.</param>
/// <param name="Version">As the server writes it.</param>
/// <param name="IsDurable">Whether fsync is on.</param>
/// <param name="CanCreateDatabases">Whether our role may.</param>
/// <param name="Role">Our role.</param>
/// <param name="IsSuperuser">Whether it is one.</param>
/// <param name="CanWatchClients">Whether it can notice in the middle of a statement that the client has gone.</param>
internal sealed record ServerDescription(int VersionNumber, string Version, bool IsDurable, bool CanCreateDatabases, string Role, bool IsSuperuser, bool CanWatchClients)
{
    private const int FirstWithStrategies = 15;

    public int MajorVersion => VersionNumber / 10000;

    /// <summary>How a database is copied fastest; null for the server's default.</summary>
    // Copying files costs two checkpoints, which cost next to nothing without fsync; else writing the copy to the log is cheaper.
    public string? CloneStrategy => MajorVersion >= FirstWithStrategies && !IsDurable ? "file_copy" : null;

    /// <exception cref="SchemaIsolationException">SI1103 or SI1104.</exception>
    public void Require(ServerAddress address)
    {
        if (MajorVersion < PostgresServer.OldestVersion)
        {
            throw new SchemaIsolationException(
                "SI1104",
                $"The server at \"{address}\" is PostgreSQL {Version}; the oldest that works is {PostgresServer.OldestVersion}. Name a newer one in Server, or leave Server out to use the embedded one.");
        }

        if (!CanCreateDatabases)
        {
            throw new SchemaIsolationException(
                "SI1103",
                $"The role \"{Role}\" may not create databases on \"{address}\". Run \"alter role {Identifier.Quote(Role)} createdb\" as a superuser, or name another role in Server.");
        }
    }
}
