using System.Collections.Concurrent;
using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>Slots in databases that the session creates: clones of templates, and empty ones.</summary>
internal sealed class SlotsInOwnDatabases : SessionSlots
{
    private readonly SessionId session;
    private readonly SessionDatabases databases;
    private readonly SessionTemplates templates;
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
    public SlotsInOwnDatabases(
        PostgresServer server,
        SessionId session,
        SessionTemplates templates,
        Options options,
        int poolSize,
        Func<int> mostAtOnce,
        Action<string, IsolationChoice> onChosen,
        CancellationToken ending)
        : base(server, poolSize)
    {
        this.session = session;
        this.templates = templates;
        this.options = options;
        databases = new SessionDatabases(server, session);
        makeMigrated = name => new TemplateSlots(name, databases, templates, options, mostAtOnce, onChosen, ending);
        migrated = new(options.Templates.ToDictionary(template => template.Name, template => makeMigrated(template.Name), StringComparer.Ordinal), StringComparer.Ordinal);
        plainSchemas = new PlainSchemas(databases);
        emptyDatabases = new Databases(databases, (name, token) => databases.CreateAsync(name, template: null, token));
        databaseNames = new Databases(databases, (_, _) => Task.CompletedTask);
    }

    public override IReadOnlyDictionary<string, int> SlotsMade
        => databases.SlotsMade.ToDictionary(made => made.Key.ToString(), made => made.Value, StringComparer.Ordinal);

    public override OutsideObjects Outside => databases.Outside;

    public override IReadOnlyCollection<RetiredSlot> Retired => [.. migrated.Values.SelectMany(slots => slots.Retired)];

    private TemplateSlots Default => migrated[TemplateOptions.DefaultName];

    public override Task StartAsync(CancellationToken cancellationToken)
        => options.DefaultTemplate.IsEmpty ? Task.CompletedTask : Default.ChooseAsync(cancellationToken);

    public override Task PrepareAsync() => options.DefaultTemplate.IsEmpty ? Task.CompletedTask : Default.PrepareAsync(options.MinSlots);

    public override async Task DefineAsync(LeaseRequest request, Func<string, CancellationToken, Task> buildAsync, CancellationToken cancellationToken)
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

    public override SlotAddress AddressOfUnleased(Slot slot)
        => new(slot.Name, slot.SearchPath, options.DefaultTemplate.IsEmpty ? null : options.TestRole);

    public override async Task<SlotAddress> AddressAsync(Slot slot, LeaseRequest request, CancellationToken cancellationToken)
        => request.Content == LeaseContent.Migrated
            ? await Migrated(request).AddressAsync(slot, request.Kind, cancellationToken)
            : new SlotAddress(slot.Name, slot.SearchPath, Role: null); // Its code makes what it works with.

    public override string Application(Slot slot, int lease, string test)
        => slot.Source.KeepsConnections ? LeaseNames.Application(slot) : LeaseNames.Application(lease, test);

    public override async Task LookAtRestAsync(CancellationToken cancellationToken)
    {
        foreach (var database in Outside.Unseen)
            await databases.LookAsync(database, cancellationToken);
    }

    public override async Task ForgetLostAsync(CancellationToken cancellationToken)
    {
        await templates.ForgetAsync(cancellationToken);
        var existing = (await Server.ListDatabasesAsync(cancellationToken)).Select(database => database.Name).ToHashSet();
        foreach (var slots in migrated.Values)
            slots.ForgetLost(existing);
        await plainSchemas.ForgetLostAsync(existing, cancellationToken);
    }

    public override Task CloseAsync() => databases.CloseAsync();

    public override async Task<(IReadOnlyList<string> Left, IReadOnlyList<string> Failures)> SweepAsync(CancellationToken cancellationToken)
    {
        var (left, failures) = await SessionSweep.RunAsync(Server, session, cancellationToken);
        return ([.. left.Select(database => database.ToString())], failures);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var slots in migrated.Values)
            await slots.DisposeAsync();
        await databases.DisposeAsync();
    }

    protected override Task<Slot> TakeUnleasedAsync(CancellationToken cancellationToken)
        => (options.DefaultTemplate.IsEmpty ? emptyDatabases : Default.Unleased).TakeAsync(cancellationToken);

    protected override Task<Slot> TakeKnownAsync(LeaseRequest request, CancellationToken cancellationToken)
        => request.Content == LeaseContent.Migrated
            ? Migrated(request).TakeAsync(request.Kind, cancellationToken)
            : Plain(request).TakeAsync(cancellationToken);

    private TemplateSlots Migrated(LeaseRequest request)
    {
        var name = request.Template ?? TemplateOptions.DefaultName;
        return migrated.TryGetValue(name, out var slots) ? slots : throw templates.Unknown(name);
    }

    private ISlotSource Plain(LeaseRequest request) => (request.Kind, request.Content) switch
    {
        (LeaseKind.Schema, LeaseContent.Empty) => plainSchemas.Empty,
        (LeaseKind.Schema, _) => plainSchemas.NameOnly,
        (_, LeaseContent.Empty) => emptyDatabases,
        _ => databaseNames,
    };
}
