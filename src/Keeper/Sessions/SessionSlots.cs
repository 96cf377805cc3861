using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>The sources of slots of a session that has started: which one serves which lease.</summary>
internal sealed class SessionSlots : IAsyncDisposable
{
    private const int IdleSeconds = 2;

    private readonly PostgresServer server;
    private readonly SessionDatabases databases;
    private readonly SessionTemplates templates;
    private readonly CancellationToken ending;
    private readonly int poolSize;
    private readonly ISlotSource migratedSchemas;
    private readonly ISlotSource migratedDatabases;
    private readonly PlainSchemas plainSchemas;
    private readonly Databases emptyDatabases;
    private readonly Databases databaseNames;
    private readonly Databases unleasedDatabases;
    private TemplateKind schemasAre = TemplateKind.Schema;
    private SlotAddress? schemaOfDatabase;

    /// <param name="server">The server.</param>
    /// <param name="session">Whose slots.</param>
    /// <param name="templates">What migrated slots are copies of.</param>
    /// <param name="options">Whether slots are used again, and how many copies a schema template holds when they are not.</param>
    /// <param name="poolSize">How many connections a lease may open.</param>
    /// <param name="mostAtOnce">How many leases there were at once, so far.</param>
    /// <param name="ending">Ends what no lease waits for alone, when the session ends.</param>
    public SessionSlots(PostgresServer server, SessionId session, SessionTemplates templates, Options options, int poolSize, Func<int> mostAtOnce, CancellationToken ending)
    {
        this.ending = ending;
        this.poolSize = poolSize;
        this.server = server;
        this.templates = templates;
        databases = new SessionDatabases(server, session);
        plainSchemas = new PlainSchemas(databases);
        if (options.Reuse == Reuse.Never)
        {
            migratedSchemas = new MigratedSchemas(databases, (name, token) => CloneAsync(TemplateKind.Schema, name, token), options.TemplateCopies);
            migratedDatabases = new Databases(databases, (name, token) => CloneAsync(TemplateKind.Database, name, token));
        }
        else
        {
            migratedSchemas = Recycled(TemplateKind.Schema, SchemaName.For(1));
            migratedDatabases = Recycled(TemplateKind.Database, schema: null);
        }

        RecycledDatabases Recycled(TemplateKind kind, string? schema)
            => new(databases, (name, token) => CloneAsync(kind, name, token), schema, isFenced: options.Reuse == Reuse.Fenced, mostAtOnce);
        emptyDatabases = new Databases(databases, (name, token) => databases.CreateAsync(name, template: null, token));
        databaseNames = new Databases(databases, (_, _) => Task.CompletedTask);
        unleasedDatabases = new Databases(databases, (name, token) => CloneAsync(TemplateKind.Database, name, token));
    }

    public PostgresServer Server => server;

    /// <summary>How many slots were made, by the database they are in or are.</summary>
    public IReadOnlyDictionary<DatabaseName, int> SlotsMade => databases.SlotsMade;

    /// <summary>What was made outside the schema slots.</summary>
    public OutsideObjects Outside => databases.Outside;

    /// <exception cref="SchemaIsolationException">The coded reason why no such slot can be had.</exception>
    public Task<Slot> TakeAsync(LeaseKind kind, LeaseContent content, CancellationToken cancellationToken)
        => TakeAsync(Source(kind, content), cancellationToken);

    /// <summary>A database that no lease holds and that goes with the session: migrated, or empty in a project without migrations.</summary>
    /// <exception cref="SchemaIsolationException">The coded reason why it cannot be made.</exception>
    public async Task<DatabaseName> MakeUnleasedAsync(CancellationToken cancellationToken)
        => (await TakeAsync(templates.AreAny ? unleasedDatabases : emptyDatabases, cancellationToken)).Database;

    /// <summary>Says what migrated leases of schemas get, before the first lease.</summary>
    public void ServeSchemasAs(TemplateKind kind) => schemasAre = kind;

    /// <summary>Makes slots for leases of schemas before anybody asks for them. Why one cannot be made is told to the lease that needs it.</summary>
    public async Task PrepareAsync(int slots)
    {
        try
        {
            await (Source(LeaseKind.Schema, LeaseContent.Migrated) switch
            {
                RecycledDatabases recycled => recycled.PrepareAsync(slots),
                MigratedSchemas batches => batches.PrepareAsync(slots),
                _ => Task.CompletedTask, // Databases that are made one by one have nowhere to wait.
            });
        }
        catch (Exception exception) when (exception is NpgsqlException or SchemaIsolationException or OperationCanceledException)
        {
            // As said.
        }
    }

    /// <summary>A database that is leased as a schema is named by the schema that its tables are made in.</summary>
    public async Task<SlotAddress> AddressAsync(Slot slot, LeaseKind kind, CancellationToken cancellationToken)
        => kind == LeaseKind.Schema && slot.Schema is null
            ? schemaOfDatabase ??= await ReadSchemaAsync(slot.Database, cancellationToken)
            : new SlotAddress(slot.Name, slot.SearchPath);

    public string ConnectionString(Slot slot, string? searchPath, string applicationName)
    {
        var builder = server.Address.For(slot.Database.ToString());
        builder.ApplicationName = applicationName;
        builder.MaxPoolSize = Math.Min(builder.MaxPoolSize, poolSize);
        if (!slot.Source.KeepsConnections)
            ForgetSoon(builder);
        if (searchPath is not null)
            builder.SearchPath = searchPath;
        return builder.ConnectionString;
    }

    // The connection string does not come again, and nobody clears its pool: after some thousand leases the test process would have no file
    // handle left for the ends of connections that we have ended.
    private static void ForgetSoon(NpgsqlConnectionStringBuilder builder)
    {
        builder.MinPoolSize = 0;
        builder.ConnectionIdleLifetime = IdleSeconds;
        builder.ConnectionPruningInterval = 1;
    }

    /// <summary>Looks at what is outside the slots wherever a lease has ended since the last look.</summary>
    public async Task LookAtRestAsync(CancellationToken cancellationToken)
    {
        foreach (var database in Outside.Unseen)
            await databases.LookAsync(database, cancellationToken);
    }

    public Task EndConnectionsAsync(DatabaseName database, string applicationName)
        => server.ExecuteAsync(Sql.EndConnectionsOfApplication, CancellationToken.None, database.ToString(), applicationName);

    /// <summary>After a time in which others could take the session for dead: forgets the slots and locks that are gone.</summary>
    public async Task ForgetLostAsync(CancellationToken cancellationToken)
    {
        await templates.ForgetAsync(cancellationToken);
        var existing = (await server.ListDatabasesAsync(cancellationToken)).Select(database => database.Name).ToHashSet();
        (migratedSchemas as MigratedSchemas)?.ForgetLost(existing);
        foreach (var recycled in Recycled)
            recycled.ForgetLost(existing);
        await plainSchemas.ForgetLostAsync(existing, cancellationToken);
    }

    /// <summary>The slots that were taken out of use.</summary>
    public IReadOnlyCollection<RetiredSlot> Retired => [.. Recycled.SelectMany(recycled => recycled.Retired)];

    /// <summary>Makes no slot any more.</summary>
    public Task CloseAsync() => databases.CloseAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var recycled in Recycled)
            await recycled.DisposeAsync();
        await databases.DisposeAsync();
    }

    private static async Task<Slot> TakeAsync(ISlotSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.TakeAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw ServerFailure.OnStatement("Making a slot", exception);
        }
    }

    private IEnumerable<RecycledDatabases> Recycled => new[] { migratedSchemas, migratedDatabases }.OfType<RecycledDatabases>();

    private ISlotSource Source(LeaseKind kind, LeaseContent content) => (kind, content) switch
    {
        (LeaseKind.Schema, LeaseContent.Migrated) => schemasAre == TemplateKind.Schema ? migratedSchemas : migratedDatabases,
        (LeaseKind.Schema, LeaseContent.Empty) => plainSchemas.Empty,
        (LeaseKind.Schema, LeaseContent.NameOnly) => plainSchemas.NameOnly,
        (LeaseKind.Database, LeaseContent.Migrated) => migratedDatabases,
        (LeaseKind.Database, LeaseContent.Empty) => emptyDatabases,
        (LeaseKind.Database, LeaseContent.NameOnly) => databaseNames,
        _ => throw new SchemaIsolationException("SI2004", $"This keeper knows no lease of kind \"{kind}\" and content \"{content}\". Reference the same version of SchemaIsolation.Abstractions and SchemaIsolation.Collector."),
    };

    // As a test's connection finds it: migrations may have given the database, or the role in it, a search path of its own.
    private async Task<SlotAddress> ReadSchemaAsync(DatabaseName database, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenUnpooledAsync(database.ToString(), cancellationToken);
        await using var command = new NpgsqlCommand(Sql.CurrentSchema, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new SlotAddress(reader.GetString(0), reader.GetString(1));
    }

    private async Task CloneAsync(TemplateKind kind, DatabaseName name, CancellationToken cancellationToken)
    {
        using var open = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending);
        var template = await templates.GetAsync(kind, open.Token);
        try
        {
            await databases.CreateAsync(name, template.Name, cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName) // 3D000
        {
            // Somebody dropped the template by hand; what it was made from is still in memory.
            template = await templates.RebuildAsync(template, open.Token);
            await databases.CreateAsync(name, template.Name, cancellationToken);
        }

        await template.Settings.ApplyAsync(server, name, cancellationToken);
    }
}
