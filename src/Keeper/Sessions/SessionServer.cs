using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>The server a session works on: the configured one, else the embedded one, which is left at the end.</summary>
internal sealed class SessionServer : IAsyncDisposable
{
    private readonly EmbeddedServer? embedded;

    private SessionServer(PostgresServer server, EmbeddedServer? embedded, string reason)
    {
        Postgres = server;
        this.embedded = embedded;
        Reason = reason;
    }

    public PostgresServer Postgres { get; }

    public bool IsEmbedded => embedded is not null;

    /// <summary>Why it is this one.</summary>
    public string Reason { get; }

    /// <summary>Why the embedded server's data was made anew; null when it was not, or is another's.</summary>
    public string? DataLost => embedded?.DataLost;

    /// <exception cref="SchemaIsolationException">SI1101 to SI1115: why no server can be had.</exception>
    public static async Task<SessionServer> OpenAsync(Options options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (options.Server is { } configured)
            return new SessionServer(await ConnectAsync(configured, options, cancellationToken), embedded: null, $"Server is set in {options.ServerOrigin}");

        var (binaries, reason) = await FindBinariesAsync(options, cancellationToken);
        var embedded = await EmbeddedServer.StartAsync(binaries, options.ServerDirectory, time, cancellationToken);
        try
        {
            return new SessionServer(await ConnectAsync(embedded.Address, options, cancellationToken), embedded, reason);
        }
        catch
        {
            await embedded.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes sure that an embedded server runs again after it has died, and that no connection from before is used.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        if (embedded is not null)
            await embedded.EnsureRunningAsync(cancellationToken);
        Postgres.ForgetConnections();
    }

    /// <summary>Leaves the server; an embedded one that nobody else uses runs on for so long, and <see cref="SettleAsync"/> sees to its end.</summary>
    public async Task LeaveAsync(TimeSpan keep)
    {
        await Postgres.DisposeAsync();
        if (embedded is not null)
            await embedded.LeaveAsync(keep);
    }

    /// <inheritdoc cref="EmbeddedServer.SettleAsync"/>
    public Task SettleAsync(CancellationToken ending) => embedded is null ? Task.CompletedTask : embedded.SettleAsync(ending);

    public async ValueTask DisposeAsync() => await LeaveAsync(TimeSpan.Zero);

    // The nearest to the project comes first: what it references is the same on every machine.
    private static async Task<(ServerBinaries Binaries, string Reason)> FindBinariesAsync(Options options, CancellationToken cancellationToken)
    {
        if (options.ServerBinaries is { } directory)
            return (await ServerBinaries.OpenAsync(directory, cancellationToken), $"started from \"{directory}\", which ServerBinaries names");

        if (ServerPackage.Find(options.ProjectDirectory).FirstOrDefault(package => options.ServerVersion is null || package.MajorVersion == options.ServerVersion) is { } package)
            return (await new ServerPackageCache(options.ServerDirectory).EnsureAsync(package, cancellationToken), $"started from the package {package}, which the project references, as Server is not set");

        var binaries = await ServerBinaries.FindAsync(options.ServerVersion, cancellationToken);
        return (binaries, $"started from \"{binaries.Directory}\", as neither Server is set nor a {ServerPackage.Name}{(options.ServerVersion is { } version ? $" {version}" : string.Empty)} is referenced");
    }

    private static async Task<PostgresServer> ConnectAsync(ServerAddress address, Options options, CancellationToken cancellationToken)
    {
        var server = await PostgresServer.ConnectAsync(address, options.SharedDatabase ?? options.MaintenanceDatabase, cancellationToken, isShared: options.SharedDatabase is not null);
        if (options.ServerVersion is not { } version || server.Description.MajorVersion == version)
            return server;

        await server.DisposeAsync();
        throw new SchemaIsolationException("SI1114", $"The server at \"{address}\" is PostgreSQL {server.Description.Version}, and ServerVersion is {version}. Name one of that version in {(options.Server is null ? "ServerBinaries" : "Server")}, or correct ServerVersion.");
    }
}
