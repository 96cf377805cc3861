using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>The slots of a session that has started: which source serves which lease, and how it is reached.</summary>
/// <param name="server">The server.</param>
/// <param name="poolSize">How many connections a lease may open.</param>
internal abstract class SessionSlots(PostgresServer server, int poolSize) : IAsyncDisposable
{
    private const int IdleSeconds = 2;

    public PostgresServer Server => server;

    /// <summary>How many slots were made, by what is dropped at the end: a database, or a schema in a shared one.</summary>
    public abstract IReadOnlyDictionary<string, int> SlotsMade { get; }

    /// <summary>What was made outside the schema slots.</summary>
    public abstract OutsideObjects Outside { get; }

    /// <summary>The slots that were taken out of use.</summary>
    public abstract IReadOnlyCollection<RetiredSlot> Retired { get; }

    /// <summary>Has ready what is cheaper to have before the first lease.</summary>
    /// <exception cref="SchemaIsolationException">Why no migrated slot can be made.</exception>
    public abstract Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Makes as many migrated slots as are wanted before anybody asks for them. Why one cannot be made is told to the lease that needs it.</summary>
    public abstract Task PrepareAsync();

    /// <summary>Has a template ready that the test project defines.</summary>
    /// <param name="request">Its name and fingerprint, and what will be leased.</param>
    /// <param name="buildAsync">Makes it, told where.</param>
    /// <param name="cancellationToken">Ends the building.</param>
    /// <exception cref="SchemaIsolationException">SI1215: another one has the name; SI1113, SI1210, SI1214: it cannot be built.</exception>
    public abstract Task DefineAsync(LeaseRequest request, Func<string, CancellationToken, Task> buildAsync, CancellationToken cancellationToken);

    /// <exception cref="SchemaIsolationException">The coded reason why no such slot can be had.</exception>
    public async Task<Slot> TakeAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(request.Kind) || !Enum.IsDefined(request.Content))
            throw new SchemaIsolationException("SI2004", $"This keeper knows no lease of kind \"{request.Kind}\" and content \"{request.Content}\". Reference the same version of SchemaIsolation.Abstractions and SchemaIsolation.Collector.");

        try
        {
            return await TakeKnownAsync(request, cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw ServerFailure.OnStatement("Making a slot", exception);
        }
    }

    /// <summary>A slot that no lease holds and that goes with the session, as like a database of its own as can be had: migrated, or empty in a project without migrations.</summary>
    /// <exception cref="SchemaIsolationException">The coded reason why it cannot be made.</exception>
    public async Task<Slot> MakeUnleasedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await TakeUnleasedAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw ServerFailure.OnStatement("Making a database", exception);
        }
    }

    /// <summary>Where that slot is.</summary>
    public abstract SlotAddress AddressOfUnleased(Slot slot);

    public abstract Task<SlotAddress> AddressAsync(Slot slot, LeaseRequest request, CancellationToken cancellationToken);

    /// <summary>What tells a lease's connections from all others to its database.</summary>
    public abstract string Application(Slot slot, int lease, string test);

    public string ConnectionString(Slot slot, SlotAddress address, string applicationName)
    {
        var builder = Connection(slot, address, applicationName, poolSize);
        if (!slot.Source.KeepsConnections)
            ForgetSoon(builder);
        return builder.ConnectionString;
    }

    /// <summary>How tests connect to a slot.</summary>
    /// <param name="slot">The slot.</param>
    /// <param name="address">Where it is.</param>
    /// <param name="applicationName">What the connections are called.</param>
    /// <param name="mostConnections">How many a pool may open.</param>
    public NpgsqlConnectionStringBuilder Connection(Slot slot, SlotAddress address, string applicationName, int mostConnections)
    {
        var builder = server.Address.For(slot.Database.ToString());
        builder.ApplicationName = applicationName;
        builder.MaxPoolSize = Math.Min(builder.MaxPoolSize, mostConnections);
        if (address.SearchPath is not null)
            builder.SearchPath = address.SearchPath;
        if (server.Address.IsRemote)
            builder.Options = $"{ServerOptions.KeepAlive} {builder.Options}".TrimEnd(); // The user's come later, and win.
        if (address.Role is not null)
            builder.Options = $"{builder.Options} {TestRole.Option(address.Role)}".TrimStart();
        return builder;
    }

    /// <summary>Looks at what is outside the slots wherever a lease has ended since the last look.</summary>
    public abstract Task LookAtRestAsync(CancellationToken cancellationToken);

    public Task EndConnectionsAsync(DatabaseName database, string applicationName)
        => server.ExecuteAsync(Sql.EndConnectionsOfApplication, CancellationToken.None, database.ToString(), applicationName);

    /// <summary>After a time in which others could take the session for dead: forgets the slots and locks that are gone.</summary>
    public abstract Task ForgetLostAsync(CancellationToken cancellationToken);

    /// <summary>Makes no slot any more.</summary>
    public abstract Task CloseAsync();

    /// <summary>Drops everything of the session.</summary>
    /// <returns>What is left on the server, as the server lists it after the sweep; and why.</returns>
    public abstract Task<(IReadOnlyList<string> Left, IReadOnlyList<string> Failures)> SweepAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    protected abstract Task<Slot> TakeUnleasedAsync(CancellationToken cancellationToken);

    protected abstract Task<Slot> TakeKnownAsync(LeaseRequest request, CancellationToken cancellationToken);

    // The connection string does not come again, and nobody clears its pool: after some thousand leases the test process would have no file
    // handle left for the ends of connections that we have ended.
    private static void ForgetSoon(NpgsqlConnectionStringBuilder builder)
    {
        builder.MinPoolSize = 0;
        builder.ConnectionIdleLifetime = IdleSeconds;
        builder.ConnectionPruningInterval = 1;
    }
}
