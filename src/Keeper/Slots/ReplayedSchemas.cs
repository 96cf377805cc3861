using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>Schemas in a shared database, each filled by the migrations themselves, and dropped after its lease.</summary>
/// <remarks>As many as there were leases at once are made ahead, while the tests use others.</remarks>
internal sealed class ReplayedSchemas : ISlotSource, IAsyncDisposable
{
    private readonly SharedDatabase database;
    private readonly Func<string, CancellationToken, Task> fillAsync;
    private readonly Func<string, string, CancellationToken, Task> proveAsync;
    private readonly Func<IReadOnlyList<string>> extensionSchemas;
    private readonly Func<int> mostAtOnce;
    private readonly SlotPool pool;
    private int held;

    /// <param name="database">Where they are made.</param>
    /// <param name="fillAsync">Makes a schema with the migrated tables.</param>
    /// <param name="proveAsync">Makes two, and throws when they are not apart and alike.</param>
    /// <param name="extensionSchemas">Where the extensions are that they need; asked after the proof.</param>
    /// <param name="mostAtOnce">How many leases there were at once, so far.</param>
    public ReplayedSchemas(
        SharedDatabase database,
        Func<string, CancellationToken, Task> fillAsync,
        Func<string, string, CancellationToken, Task> proveAsync,
        Func<IReadOnlyList<string>> extensionSchemas,
        Func<int> mostAtOnce)
    {
        this.database = database;
        this.fillAsync = fillAsync;
        this.proveAsync = proveAsync;
        this.extensionSchemas = extensionSchemas;
        this.mostAtOnce = mostAtOnce;
        pool = new SlotPool(MakeAsync, mostAtOnce);
    }

    public IReadOnlyList<string> ExtensionSchemas => extensionSchemas();

    public bool SharesDatabase => true;

    public bool KeepsConnections => false;

    public async Task<Slot> TakeAsync(CancellationToken cancellationToken)
    {
        var slot = await pool.TakeAsync(cancellationToken);

        // Why one cannot be made is told to the lease that needs it.
        _ = pool.PrepareAsync(Interlocked.Increment(ref held) + Math.Max(1, mostAtOnce()));
        return slot;
    }

    public async Task<Slot?> TakeBackAsync(Slot slot, int lease, CancellationToken cancellationToken)
    {
        Interlocked.Decrement(ref held);
        pool.Retire();
        await database.DropAsync(slot.Schema!, cancellationToken);
        return null;
    }

    /// <summary>Makes the two first ones and proves them; before any is taken, and once.</summary>
    public async Task ProveAsync(CancellationToken cancellationToken)
    {
        var (first, second) = (database.Next(), database.Next());
        await database.MakeAsync(
            first,
            token => database.MakeAsync(second, ofBoth => proveAsync(first, second, ofBoth), token),
            cancellationToken);
        pool.Add(new Slot(this, database.Name, first));
        pool.Add(new Slot(this, database.Name, second));
    }

    /// <summary>Makes as many, before anybody asks for them.</summary>
    public Task PrepareAsync(int slots) => pool.PrepareAsync(slots);

    /// <summary>Hands out no slot whose schema is gone.</summary>
    public void ForgetLost(IReadOnlySet<string> existing) => pool.Forget(slot => !existing.Contains(slot.Schema!));

    public async ValueTask DisposeAsync() => await pool.CloseAsync();

    private async Task<Slot> MakeAsync()
    {
        var schema = database.Next();
        await database.MakeAsync(schema, token => fillAsync(schema, token), CancellationToken.None);
        return new Slot(this, database.Name, schema);
    }
}
