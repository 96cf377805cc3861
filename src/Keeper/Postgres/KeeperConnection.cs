using System.Data;
using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>What all connections of the keeper have in common, whatever the user's connection string says.</summary>
internal static class KeeperConnection
{
    /// <summary>What the server lists them as.</summary>
    public const string ApplicationName = "schema-isolation keeper";

    private const int MostPrepared = 32;

    // The system's own are hours. As soon as the server is asked to: else we would take for ours what others sweep already.
    private static readonly TimeSpan KeepAliveTime = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(5);

    public static void PrepareRepeated(NpgsqlConnectionStringBuilder builder)
    {
        builder.MaxAutoPrepare = MostPrepared;
        builder.AutoPrepareMinUsages = 2;
    }

    /// <summary>Opens a connection, with another password when the server refuses one that is renewed.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(ServerAddress address, Func<Task<NpgsqlConnection>> openAsync, CancellationToken cancellationToken)
    {
        var password = address.RenewedPassword?.Current;
        try
        {
            return await openAsync();
        }
        catch (PostgresException exception) when (
            password is not null && (exception.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)) // 28P01, 28000
        {
            if (!await TryRenewAsync(address.RenewedPassword!, password, cancellationToken))
                throw;
            return await openAsync();
        }
    }

    // There is no connection yet, and those who can wait for one wait for what Npgsql throws.
    private static async Task<bool> TryRenewAsync(ServerPassword password, string refused, CancellationToken cancellationToken)
    {
        try
        {
            return await password.TryRenewAsync(refused, cancellationToken);
        }
        catch (SchemaIsolationException exception)
        {
            throw new NpgsqlException(exception.Message, exception);
        }
    }

    /// <summary>Opens a connection that leaves nothing in the process when it is closed: Npgsql keeps what it knows of a connection string for good.</summary>
    public static async Task<NpgsqlConnection> OpenAloneAsync(NpgsqlConnectionStringBuilder builder, CancellationToken cancellationToken)
    {
        var configuration = new NpgsqlSlimDataSourceBuilder(builder.ConnectionString);
        configuration.EnableArrays().EnableTransportSecurity().EnableIntegratedSecurity();
        var source = configuration.Build();
        try
        {
            var connection = await source.OpenConnectionAsync(cancellationToken);
            connection.StateChange += (_, change) =>
            {
                if (change.CurrentState == ConnectionState.Closed)
                    source.Dispose();
            };
            return connection;
        }
        catch
        {
            await source.DisposeAsync();
            throw;
        }
    }

    /// <param name="builder">The database.</param>
    /// <param name="searchPath">Null for the server's.</param>
    /// <param name="options">Settings; what is sent more than once is prepared then.</param>
    /// <param name="more">Further settings.</param>
    public static NpgsqlConnectionStringBuilder Unpooled(NpgsqlConnectionStringBuilder builder, string? searchPath, string? options, string? more)
    {
        Configure(builder);
        builder.Pooling = false;
        builder.SearchPath = searchPath;
        if (options is not null)
        {
            builder.Options += " " + options;
            PrepareRepeated(builder);
        }

        builder.Options += more;
        return builder;
    }

    public static NpgsqlConnectionStringBuilder Configure(NpgsqlConnectionStringBuilder builder)
    {
        builder.ApplicationName = ApplicationName;
        builder.IncludeErrorDetail = true;
        builder.CommandTimeout = 120;

        // The role's own limits are for its application: a lock's connection is idle for the whole session, and must be noticed when
        // the way to the server breaks. The user's PGOPTIONS are the test's as well.
        builder.Options = $"-c idle_session_timeout=0 -c statement_timeout=0 -c lock_timeout=0 {Pooler.Mark}";
        // Type loading costs ten times what our own statements do, and they need only built-in types.
#pragma warning disable CS0618 // The new way to say so is no part of a connection string.
        builder.ServerCompatibilityMode = ServerCompatibilityMode.NoTypeLoading;
#pragma warning restore CS0618

        builder.TcpKeepAlive = true;
        if (builder.Host?.StartsWith('/') == true)
            return builder; // A Unix socket knows no such times.

        builder.Options += " " + ServerOptions.KeepAlive;
        builder.TcpKeepAliveTime = (int)KeepAliveTime.TotalMilliseconds;
        builder.TcpKeepAliveInterval = (int)KeepAliveInterval.TotalMilliseconds;
        return builder;
    }
}
