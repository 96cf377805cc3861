using Npgsql;

namespace SchemaIsolation.Keeper.Postgres;

/// <summary>The keeper's connections to the maintenance database, for statements that leave nothing behind on them.</summary>
internal sealed class MaintenanceConnections : IAsyncDisposable
{
    private const int MostConnections = 8;

    private readonly ServerAddress address;
    private readonly NpgsqlDataSource source;

    public MaintenanceConnections(ServerAddress address, string database)
    {
        this.address = address;
        var builder = KeeperConnection.Configure(address.For(database));
        builder.MaxPoolSize = MostConnections;

        // No statement leaves a state behind on these, and a few are sent for each lease.
        builder.NoResetOnClose = true;
        KeeperConnection.PrepareRepeated(builder);
        source = Build(builder);
    }

    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
        => await KeeperConnection.OpenAsync(address, async () => await source.OpenConnectionAsync(cancellationToken), cancellationToken);

    /// <summary>Ends what is idle, and what is in use when it comes back.</summary>
    public void Forget() => source.Clear();

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private NpgsqlDataSource Build(NpgsqlConnectionStringBuilder builder)
    {
        if (address.RenewedPassword is not { } password)
            return NpgsqlDataSource.Create(builder);

        builder.Password = null;
        return new NpgsqlDataSourceBuilder(builder.ConnectionString)
            .UsePasswordProvider(_ => password.Current, (_, _) => ValueTask.FromResult(password.Current))
            .Build();
    }
}
