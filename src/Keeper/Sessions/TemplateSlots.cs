using Npgsql;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Keeper.Templates;
using SchemaIsolation.Wire;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>The slots that are copies of one template.</summary>
internal sealed class TemplateSlots : IAsyncDisposable
{
    private readonly string name;
    private readonly SessionDatabases databases;
    private readonly SessionTemplates templates;
    private readonly ISlotSource schemas;
    private readonly ISlotSource whole;
    private readonly Options options;
    private readonly Action<string, IsolationChoice> onChosen;
    private readonly CancellationToken ending;
    private readonly SemaphoreSlim gate = new(1);
    private IsolationChoice? choice;
    private SlotAddress? schemaOfDatabase;

    /// <param name="name">The template's.</param>
    /// <param name="databases">The session's databases.</param>
    /// <param name="templates">What slots are copies of.</param>
    /// <param name="options">Whether slots are used again, and how many copies a schema template holds when they are not.</param>
    /// <param name="mostAtOnce">How many leases there were at once, so far.</param>
    /// <param name="onChosen">Told what leases of schemas get, once that is known.</param>
    /// <param name="ending">Ends what no lease waits for alone, when the session ends.</param>
    public TemplateSlots(
        string name, SessionDatabases databases, SessionTemplates templates, Options options, Func<int> mostAtOnce, Action<string, IsolationChoice> onChosen, CancellationToken ending)
    {
        this.name = name;
        this.databases = databases;
        this.templates = templates;
        this.options = options;
        this.onChosen = onChosen;
        this.ending = ending;
        if (options.Reuse == Reuse.Never)
        {
            schemas = new MigratedSchemas(databases, (copy, token) => CloneAsync(TemplateKind.Schema, copy, token), options.TemplateCopies);
            whole = new Databases(databases, (copy, token) => CloneAsync(TemplateKind.Database, copy, token));
        }
        else
        {
            schemas = Recycled(TemplateKind.Schema, SchemaName.For(1));
            whole = Recycled(TemplateKind.Database, schema: null);
        }

        RecycledDatabases Recycled(TemplateKind kind, string? schema)
            => new(databases, (copy, token) => CloneAsync(kind, copy, token), schema, isFenced: options.Reuse == Reuse.Fenced, mostAtOnce);
    }

    /// <summary>Makes copies that no lease holds.</summary>
    public Databases Unleased => new(databases, (copy, token) => CloneAsync(TemplateKind.Database, copy, token));

    /// <summary>The slots that were taken out of use.</summary>
    public IEnumerable<RetiredSlot> Retired => RecycledOnes.SelectMany(recycled => recycled.Retired);

    private IEnumerable<RecycledDatabases> RecycledOnes => new[] { schemas, whole }.OfType<RecycledDatabases>();

    /// <summary>Decides what leases of schemas get, and has the template for it ready; the same each time.</summary>
    public async Task<IsolationChoice> ChooseAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (choice is not null)
                return choice;

            using var open = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending);
            choice = await IsolationChoice.MakeAsync(options.Isolation, name, templates, open.Token);
            onChosen(name, choice);
            return choice;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <exception cref="SchemaIsolationException">SI2003: no slot came free in time; else why none can be made.</exception>
    public async Task<Slot> TakeAsync(LeaseKind kind, CancellationToken cancellationToken)
    {
        var isSchema = kind == LeaseKind.Schema && (await ChooseAsync(cancellationToken)).Kind == TemplateKind.Schema;

        // Built first, which has limits of its own.
        await templates.GetAsync(name, isSchema ? TemplateKind.Schema : TemplateKind.Database, cancellationToken);
        return await SlotWait.RunAsync((isSchema ? schemas : whole).TakeAsync, options.LeaseTimeout, cancellationToken);
    }

    /// <summary>Makes slots for leases of schemas before anybody asks for them. Why one cannot be made is told to the lease that needs it.</summary>
    public async Task PrepareAsync(int slots)
    {
        try
        {
            var isSchema = (await ChooseAsync(ending)).Kind == TemplateKind.Schema;
            await ((isSchema ? schemas : whole) switch
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

    /// <summary>How a slot of these is named: a database that is leased as a schema by the one that its tables are made in.</summary>
    public async Task<SlotAddress> AddressAsync(Slot slot, LeaseKind kind, CancellationToken cancellationToken)
        => kind == LeaseKind.Schema && slot.Schema is null
            ? schemaOfDatabase ??= await ReadSchemaAsync(slot.Database, cancellationToken)
            : new SlotAddress(slot.Name, slot.SearchPath, options.TestRole);

    /// <summary>Hands out no slot whose database is gone.</summary>
    public void ForgetLost(IReadOnlySet<DatabaseName> existing)
    {
        (schemas as MigratedSchemas)?.ForgetLost(existing);
        foreach (var recycled in RecycledOnes)
            recycled.ForgetLost(existing);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var recycled in RecycledOnes)
            await recycled.DisposeAsync();
        gate.Dispose();
    }

    // As a test's connection finds it: migrations may have given the database, or the role in it, a search path of its own.
    private async Task<SlotAddress> ReadSchemaAsync(DatabaseName database, CancellationToken cancellationToken)
    {
        await using var connection = await databases.Server.OpenUnpooledAsync(
            database.ToString(), cancellationToken, options: options.TestRole is null ? null : TestRole.Option(options.TestRole));
        await using var command = new NpgsqlCommand(Sql.CurrentSchema, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new SlotAddress(reader.GetString(0), reader.GetString(1), options.TestRole);
    }

    private async Task CloneAsync(TemplateKind kind, DatabaseName copy, CancellationToken cancellationToken)
    {
        using var open = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, ending);
        var template = await templates.GetAsync(name, kind, open.Token);
        try
        {
            await databases.CreateAsync(copy, template.Name, cancellationToken, template.Strategy);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.InvalidCatalogName) // 3D000
        {
            // Somebody dropped the template by hand; what it was made from is still in memory.
            template = await templates.RebuildAsync(name, template, open.Token);
            await databases.CreateAsync(copy, template.Name, cancellationToken, template.Strategy);
        }

        await template.Settings.ApplyAsync(databases.Server, copy, cancellationToken);
    }
}
