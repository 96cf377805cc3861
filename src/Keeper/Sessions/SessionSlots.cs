using System.Collections.Concurrent;
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
    private readonly int poolSize;
    private readonly Options options;
    private readonly ConcurrentDictionary<string, TemplateSlots> migrated;
    private readonly Func<string, TemplateSlots> makeMigrated;
    private readonly PlainSchemas plainSchemas;
    private readonly Databases emptyDatabases;
    private readonly Databases databaseNames;

    /// <param name="server">The server.</param>
    /// <param name="session">Whose slots.</param>
    /// <param name="templates">What migrated slots are copies of.</param>
    /// <param name="options">How slots are made and used.</param>
    /// <param name="poolSize">How many connections a lease may open.</param>
    /// <param name="mostAtOnce">How many leases there were at once, so far.</param>
    /// <param name="onChosen">Told what leases of schemas get, by template, once that is known.</param>
    /// <param name="ending">Ends what no lease waits for alone, when the session ends.</param>
    public SessionSlots(
        PostgresServer server,
        SessionId session,
        SessionTemplates templates,
        Options options,
        int poolSize,
        Func<int> mostAtOnce,
        Action<string, IsolationChoice> onChosen,
        CancellationToken ending)
    {
        this.poolSize = poolSize;
        this.server = server;
        this.templates = templates;
        databases = new SessionDatabases(server, session);
        this.options = options;
        makeMigrated = name => new TemplateSlots(name, databases, templates, options, mostAtOnce, onChosen, ending);
        migrated = new(options.Templates.ToDictionary(template => template.Name, template => makeMigrated(template.Name), StringComparer.Ordinal), StringComparer.Ordinal);
        plainSchemas = new PlainSchemas(databases);
        emptyDatabases = new Databases(databases, (name, token) => databases.CreateAsync(name, template: null, token));
        databaseNames = new Databases(databases, (_, _) => Task.CompletedTask);
    }

    public PostgresServer Server => server;

    /// <summary>Copies of the template of leases that name none.</summary>
    public TemplateSlots Default => migrated[TemplateOptions.DefaultName];

    /// <summary>How many slots were made, by the database they are in or are.</summary>
    public IReadOnlyDictionary<DatabaseName, int> SlotsMade => databases.SlotsMade;

    /// <summary>What was made outside the schema slots.</summary>
    public OutsideObjects Outside => databases.Outside;

    /// <summary>Has a template ready that the test project defines.</summary>
    /// <param name="request">Its name and fingerprint, and what will be leased.</param>
    /// <param name="buildAsync">Makes it, told where.</param>
    /// <param name="cancellationToken">Ends the building.</param>
    /// <exception cref="SchemaIsolationException">SI1215: another one has the name; SI1210, SI1214: it cannot be built.</exception>
    public async Task DefineAsync(LeaseRequest request, Func<string, CancellationToken, Task> buildAsync, CancellationToken cancellationToken)
    {
        templates.Define(TemplateSource.OfCode(request.Template!, request.Fingerprint!, options));
        migrated.GetOrAdd(request.Template!, makeMigrated);
        var kind = request.Kind == LeaseKind.Schema && options.Isolation == Isolation.Schema ? TemplateKind.Schema : TemplateKind.Database;
        try
        {
            await templates.GetAsync(request.Template!, kind, cancellationToken, buildAsync);
        }
        catch (NpgsqlException exception)
        {
            throw ServerFailure.OnStatement("Building a template", exception);
        }
    }

    /// <exception cref="SchemaIsolationException">The coded reason why no such slot can be had.</exception>
    public async Task<Slot> TakeAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        if (!Enum.IsDefined(request.Kind) || !Enum.IsDefined(request.Content))
            throw Unknown(request);

        try
        {
            return await (request.Content == LeaseContent.Migrated
                ? Migrated(request).TakeAsync(request.Kind, cancellationToken)
                : Plain(request).TakeAsync(cancellationToken));
        }
        catch (NpgsqlException exception)
        {
            throw ServerFailure.OnStatement("Making a slot", exception);
        }
    }

    /// <summary>A database that no lease holds and that goes with the session: migrated, or empty in a project without migrations.</summary>
    /// <exception cref="SchemaIsolationException">The coded reason why it cannot be made.</exception>
    public async Task<DatabaseName> MakeUnleasedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await (options.DefaultTemplate.IsEmpty ? emptyDatabases : Default.Unleased).TakeAsync(cancellationToken)).Database;
        }
        catch (NpgsqlException exception)
        {
            throw ServerFailure.OnStatement("Making a database", exception);
        }
    }

    public async Task<SlotAddress> AddressAsync(Slot slot, LeaseRequest request, CancellationToken cancellationToken)
        => request.Content == LeaseContent.Migrated
            ? await Migrated(request).AddressAsync(slot, request.Kind, cancellationToken)
            : new SlotAddress(slot.Name, slot.SearchPath, Role: null); // Its code makes what it works with.

    public string ConnectionString(Slot slot, SlotAddress address, string applicationName)
    {
        var builder = server.Address.For(slot.Database.ToString());
        builder.ApplicationName = applicationName;
        builder.MaxPoolSize = Math.Min(builder.MaxPoolSize, poolSize);
        if (!slot.Source.KeepsConnections)
            ForgetSoon(builder);
        if (address.SearchPath is not null)
            builder.SearchPath = address.SearchPath;
        if (address.Role is not null)
            builder.Options = $"{builder.Options} {TestRole.Option(address.Role)}".TrimStart();
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
        foreach (var slots in migrated.Values)
            slots.ForgetLost(existing);
        await plainSchemas.ForgetLostAsync(existing, cancellationToken);
    }

    /// <summary>The slots that were taken out of use.</summary>
    public IReadOnlyCollection<RetiredSlot> Retired => [.. migrated.Values.SelectMany(slots => slots.Retired)];

    /// <summary>Makes no slot any more.</summary>
    public Task CloseAsync() => databases.CloseAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var slots in migrated.Values)
            await slots.DisposeAsync();
        await databases.DisposeAsync();
    }

    private TemplateSlots Migrated(LeaseRequest request)
    {
        var name = request.Template ?? TemplateOptions.DefaultName;
        return migrated.TryGetValue(name, out var slots) ? slots : throw templates.Unknown(name);
    }

    private ISlotSource Plain(LeaseRequest request) => (request.Kind, request.Content) switch
    {
        (LeaseKind.Schema, LeaseContent.Empty) => plainSchemas.Empty,
        (LeaseKind.Schema, LeaseContent.NameOnly) => plainSchemas.NameOnly,
        (LeaseKind.Database, LeaseContent.Empty) => emptyDatabases,
        (LeaseKind.Database, LeaseContent.NameOnly) => databaseNames,
        _ => throw Unknown(request),
    };

    private static SchemaIsolationException Unknown(LeaseRequest request)
        => new("SI2004", $"This keeper knows no lease of kind \"{request.Kind}\" and content \"{request.Content}\". Reference the same version of SchemaIsolation.Abstractions and SchemaIsolation.Collector.");
}
