namespace SchemaIsolation.Keeper.Postgres;

/// <param name="VersionNumber">As the server counts: 150018 is 15.18.</param>
/// <param name="Version">As the server writes it.</param>
/// <param name="IsDurable">Whether fsync is on.</param>
/// <param name="CanCreateDatabases">Whether our role may.</param>
/// <param name="CanCreateSchemas">Whether our role may, in the database that we are connected to.</param>
/// <param name="Role">Our role.</param>
/// <param name="IsSuperuser">Whether it is one.</param>
/// <param name="CanWatchClients">Whether it can notice in the middle of a statement that the client has gone.</param>
internal sealed record ServerDescription(int VersionNumber, string Version, bool IsDurable, bool CanCreateDatabases, bool CanCreateSchemas, string Role, bool IsSuperuser, bool CanWatchClients)
{
    public int MajorVersion => VersionNumber / 10000;

    public ServerFeatures Features => new(MajorVersion);

    /// <summary>How a database is probably copied fastest, where that was not measured; null for the server's default.</summary>
    // Copying files costs two checkpoints, which cost next to nothing without fsync; else writing the copy to the log is cheaper.
    public CloneStrategy? ProbableStrategy => Features.HasStrategies && !IsDurable ? CloneStrategy.FileCopy : null;

    /// <param name="address">The server.</param>
    /// <param name="sharedDatabase">Where schemas are to be made; null where databases are.</param>
    /// <exception cref="SchemaIsolationException">SI1103, SI1104 or SI1112.</exception>
    public void Require(ServerAddress address, string? sharedDatabase)
    {
        if (!Features.IsSupported)
        {
            throw new SchemaIsolationException(
                "SI1104",
                $"The server at \"{address}\" is PostgreSQL {Version}; the oldest that works is {PostgresServer.OldestVersion}. Name a newer one in Server, or leave Server out to use the embedded one.");
        }

        if (sharedDatabase is null && !CanCreateDatabases)
        {
            throw new SchemaIsolationException(
                "SI1103",
                $"The role \"{Role}\" may not create databases on \"{address}\". Run \"alter role {Identifier.Quote(Role)} createdb\" as a superuser, name another role in Server, or name in SharedDatabase a database in which it may create schemas.");
        }

        if (sharedDatabase is not null && !CanCreateSchemas)
        {
            throw new SchemaIsolationException(
                "SI1112",
                $"The role \"{Role}\" may not create schemas in database \"{sharedDatabase}\" on \"{address}\". Run \"grant create on database {Identifier.Quote(sharedDatabase)} to {Identifier.Quote(Role)}\" as its owner, or name another database in SharedDatabase.");
        }
    }
}
