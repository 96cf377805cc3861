using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Keeper.Sweeping;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>Slots that are schemas in a database which the role may not create, only use.</summary>
internal sealed class SlotsInSharedDatabase : SessionSlots
{
    private readonly SessionId session;
    private readonly SharedDatabase database;
    private readonly Options options;
    private readonly CancellationToken ending;
    private readonly IReadOnlyDictionary<string, SharedTemplateSlots> migrated;
    private readonly Func<string, SchemaIsolationException> unknownTemplate;

    /// <param name="server">The server.</param>
    /// <param name="session">Whose slots.</param>
    /// <param name="sources">What migrated slots are made from, by template.</param>
    /// <param name="options">How slots are made and used.</param>
    /// <param name="poolSize">How many connections a lease may open.</param>
    /// <param name="mostAtOnce">How many leases there were at once, so far.</param>
    /// <param name="onChosen">Told what leases of schemas get, by template, once that is known.</param>
    /// <param name="onOutput">Told what migrators write.</param>
    /// <param name="unknownTemplate">Why there is no template of a name.</param>
    /// <param name="ending">Ends what no lease waits for alone, when the session ends.</param>
    public SlotsInSharedDatabase(
        PostgresServer server,
        SessionId session,
        IReadOnlyDictionary<string, TemplateSource> sources,
        Options options,
        int poolSize,
        Func<int> mostAtOnce,
        Action<string, IsolationChoice> onChosen,
        Action<string> onOutput,
        Func<string, SchemaIsolationException> unknownTemplate,
        CancellationToken ending)
        : base(server, poolSize)
    {
        this.session = session;
        this.options = options;
        this.unknownTemplate = unknownTemplate;
        this.ending = ending;
        database = new SharedDatabase(server, session, (schema, token) => SharedSweep.DropAsync(server, schema, token));
        migrated = sources.ToDictionary(
            source => source.Key,
            source => new SharedTemplateSlots(source.Key, database, new SharedReplay(server, source.Value, onOutput), options.LeaseTimeout, mostAtOnce, onChosen),
            StringComparer.Ordinal);
    }

    public override IReadOnlyDictionary<string, int> SlotsMade => database.Made.ToDictionary(schema => schema, _ => 1, StringComparer.Ordinal);

    /// <summary>Nothing: who made what else is in the database cannot be told.</summary>
    public override OutsideObjects Outside { get; } = new();

    public override IReadOnlyCollection<RetiredSlot> Retired => [];

    // What is made here is made for a lease: a session without one costs the server nothing.
    public override Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task PrepareAsync()
    {
        if (options.MinSlots == 0 || !migrated.TryGetValue(TemplateOptions.DefaultName, out var slots))
            return;

        try
        {
            await slots.PrepareAsync(options.MinSlots, ending);
        }
        catch (Exception exception) when (exception is NpgsqlException or SchemaIsolationException or OperationCanceledException)
        {
            // Told to the lease that needs it.
        }
    }

    public override Task DefineAsync(LeaseRequest request, Func<string, CancellationToken, Task> buildAsync, CancellationToken cancellationToken)
        => throw NeedsDatabase("A template that the test project defines");

    public override SlotAddress AddressOfUnleased(Slot slot) => Address(slot, isMigrated: !options.DefaultTemplate.IsEmpty);

    public override Task<SlotAddress> AddressAsync(Slot slot, LeaseRequest request, CancellationToken cancellationToken)
        => Task.FromResult(Address(slot, request.Content == LeaseContent.Migrated));

    // Others' connections to the database, such as another session's of the same tests, are none of ours.
    public override string Application(Slot slot, int lease, string test) => LeaseNames.Application(lease, test, session);

    public override Task LookAtRestAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task ForgetLostAsync(CancellationToken cancellationToken)
    {
        var existing = (await SharedSweep.ListAsync(Server, cancellationToken)).ToHashSet(StringComparer.Ordinal);
        foreach (var slots in migrated.Values)
            slots.ForgetLost(existing);
    }

    public override Task CloseAsync() => database.CloseAsync();

    public override Task<(IReadOnlyList<string> Left, IReadOnlyList<string> Failures)> SweepAsync(CancellationToken cancellationToken)
        => SharedSweep.OfSessionAsync(Server, session, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        foreach (var slots in migrated.Values)
            await slots.DisposeAsync();
    }

    protected override Task<Slot> TakeUnleasedAsync(CancellationToken cancellationToken)
        => options.DefaultTemplate.IsEmpty ? new PlainSharedSchemas(database, create: true).TakeAsync(cancellationToken) : migrated[TemplateOptions.DefaultName].TakeAsync(cancellationToken);

    protected override Task<Slot> TakeKnownAsync(LeaseRequest request, CancellationToken cancellationToken)
    {
        if (request.Kind == LeaseKind.Database)
            throw NeedsDatabase("IsolatedDatabase");
        if (request.Content != LeaseContent.Migrated)
            return new PlainSharedSchemas(database, create: request.Content == LeaseContent.Empty).TakeAsync(cancellationToken);

        var name = request.Template ?? TemplateOptions.DefaultName;
        return migrated.TryGetValue(name, out var slots) ? slots.TakeAsync(cancellationToken) : throw unknownTemplate(name);
    }

    private SlotAddress Address(Slot slot, bool isMigrated) => new(slot.Name, slot.SearchPath, isMigrated ? options.TestRole : null);

    private SchemaIsolationException NeedsDatabase(string what)
        => new("SI1113", $"{what} needs a database of its own, and the slots of this session are schemas in \"{database.Name}\", which SharedDatabase names. Lease with IsolatedSchema, or use a role that may create databases, without SharedDatabase.");
}
