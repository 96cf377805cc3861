using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Servers;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>The server a session works on: the configured one, else the embedded one, which is left at the end.</summary>
internal sealed class SessionServer : IAsyncDisposable
{
    private readonly EmbeddedServer? embedded;
    private readonly ServerPassword? password;

    private SessionServer(PostgresServer server, EmbeddedServer? embedded, ServerPassword? password = null)
    {
        Postgres = server;
        this.embedded = embedded;
        this.password = password;
    }

    public PostgresServer Postgres { get; }

    public bool IsEmbedded => embedded is not null;

    /// <exception cref="SchemaIsolationException">SI1101 to SI1107, SI1120 to SI1124: why no server can be had.</exception>
    public static async Task<SessionServer> OpenAsync(Options options, CancellationToken cancellationToken)
    {
        if (options.Server is { } configured)
            return await OpenConfiguredAsync(configured, options, cancellationToken);

        var binaries = options.ServerBinaries is { } directory
            ? await ServerBinaries.OpenAsync(directory, cancellationToken)
            : await ServerBinaries.FindAsync(cancellationToken);
        var embedded = await EmbeddedServer.StartAsync(binaries, options.ServerDirectory, cancellationToken);
        try
        {
            return new SessionServer(await ConnectAsync(embedded.Address, options, cancellationToken), embedded);
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

    private static async Task<SessionServer> OpenConfiguredAsync(ServerAddress address, Options options, CancellationToken cancellationToken)
    {
        if (options.PasswordCommand is not { } command)
            return new SessionServer(await ConnectAsync(address, options, cancellationToken), embedded: null);

        var program = new PasswordProgram(command.Text, command.Directory, address, PasswordProgram.UsualTimeLimit);
        var password = await ServerPassword.StartAsync(program.AskAsync, ServerPassword.UsualInterval, cancellationToken);
        try
        {
            return new SessionServer(await ConnectAsync(address.With(password), options, cancellationToken), embedded: null, password);
        }
        catch
        {
            await password.DisposeAsync();
            throw;
        }
    }

    private static Task<PostgresServer> ConnectAsync(ServerAddress address, Options options, CancellationToken cancellationToken)
        => PostgresServer.ConnectAsync(address, options.SharedDatabase ?? options.MaintenanceDatabase, cancellationToken, isShared: options.SharedDatabase is not null);

    public async ValueTask DisposeAsync()
    {
        await Postgres.DisposeAsync();
        if (password is not null)
            await password.DisposeAsync();
        if (embedded is not null)
            await embedded.DisposeAsync();
    }
}
