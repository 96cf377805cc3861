using System.Collections.Concurrent;
using Npgsql;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Resets;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>Clones of a template, each with a database of its own, that are reset after a lease and leased again.</summary>
internal sealed class RecycledDatabases : IOwnDatabases, IAsyncDisposable
{
    private readonly SessionDatabases databases;
    private readonly Func<DatabaseName, CancellationToken, Task> cloneTemplateAsync;
    private readonly string? schema;
    private readonly string? searchPath;
    private readonly bool isFenced;
    private readonly SlotPool pool;
    private readonly ConcurrentDictionary<DatabaseName, DatabaseReset> resets = new();
    private readonly ConcurrentBag<RetiredSlot> retired = [];
    private readonly SemaphoreSlim pristineGate = new(1);
    private Pristine? pristine;

    /// <param name="databases">The session's databases.</param>
    /// <param name="cloneTemplateAsync">Clones the template into a new database.</param>
    /// <param name="schema">Where the migrated tables are; null where the migrations put them.</param>
    /// <param name="isFenced">Whether each lease gets another name.</param>
    /// <param name="mostAtOnce">How many leases there were at once, so far.</param>
    public RecycledDatabases(
        SessionDatabases databases, Func<DatabaseName, CancellationToken, Task> cloneTemplateAsync, string? schema, bool isFenced, Func<int> mostAtOnce)
    {
        this.databases = databases;
        this.cloneTemplateAsync = cloneTemplateAsync;
        this.schema = schema;
        searchPath = schema is null ? null : SchemaName.SearchPathOf(schema);
        this.isFenced = isFenced;
        pool = new SlotPool(MakeAsync, mostAtOnce);
    }

    public IReadOnlyList<string> ExtensionSchemas => [SchemaName.Public];

    public bool SharesDatabase => false;

    public bool KeepsConnections => !isFenced;

    public IReadOnlyCollection<RetiredSlot> Retired => retired;

    public Task<Slot> TakeAsync(CancellationToken cancellationToken) => pool.TakeAsync(cancellationToken);

    public async Task<Slot?> TakeBackAsync(Slot slot, int lease, CancellationToken cancellationToken)
    {
        var reason = "it is not the slot it was";
        try
        {
            var unused = await ReadPristineAsync(cancellationToken);
            if (isFenced)
                slot = await FenceAsync(slot, cancellationToken);
            reason = await ResetAsync(slot, unused, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return null; // The session ends, and drops it.
        }
        catch (Exception exception)
        {
            // Whatever it is: a slot that is neither offered nor retired would be missed by the pool for good.
            reason = $"its reset failed: {exception.Message}";
        }

        if (reason is null)
        {
            pool.Offer(slot);
            return slot;
        }

        await RetireAsync(slot, lease, reason, cancellationToken);
        return null;
    }

    public async Task<Slot> FenceAsync(Slot slot, CancellationToken cancellationToken)
    {
        var fenced = slot with { Database = databases.NextForSlot() };
        await databases.Server.RenameDatabaseAsync(slot.Database, fenced.Database, cancellationToken);
        resets.TryRemove(slot.Database, out var reset);
        resets[fenced.Database] = reset!;
        return fenced;
    }

    public async Task<string> DescribeAsync(Slot slot, CancellationToken cancellationToken)
    {
        var expected = await ReadPristineAsync(cancellationToken);
        var other = await pool.TakeAsync(cancellationToken); // Proved to be like one that nobody has used.
        try
        {
            await using var connection = await ResetConnection.OpenAsync(databases.Server, other.Database, searchPath, cancellationToken);
            return await resets[slot.Database].DescribeAsync(slot.Database, expected, connection, cancellationToken);
        }
        finally
        {
            pool.Offer(other);
        }
    }

    public async ValueTask ForgetAsync(Slot slot)
    {
        pool.Retire();
        if (resets.TryRemove(slot.Database, out var reset))
            await reset.DisposeAsync();
    }

    /// <summary>Makes as many, before anybody asks for them.</summary>
    public Task PrepareAsync(int slots) => pool.PrepareAsync(slots);

    /// <summary>Hands out no slot whose database is gone.</summary>
    public void ForgetLost(IReadOnlySet<DatabaseName> existing) => pool.Forget(slot => !existing.Contains(slot.Database));

    /// <summary>Lets go of all databases, so that they can be dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        await pool.CloseAsync();
        foreach (var reset in resets.Values)
            await reset.DisposeAsync();
        pristineGate.Dispose();
    }

    private async Task<Slot> MakeAsync()
    {
        var name = databases.NextForSlot();
        var reset = new DatabaseReset(databases.Server, searchPath);
        await reset.BeginAsync(CancellationToken.None);
        await cloneTemplateAsync(name, CancellationToken.None);
        databases.Count(name, 1);
        resets[name] = reset;
        return new Slot(this, name, schema);
    }

    // Read when a slot is to be reset first, off a clone that is everybody's next: a session of one lease needs neither.
    private async Task<Pristine> ReadPristineAsync(CancellationToken cancellationToken)
    {
        await pristineGate.WaitAsync(cancellationToken);
        try
        {
            if (pristine is not null)
                return pristine;

            var unused = await pool.TakeUnusedAsync();
            try
            {
                await using var connection = await ResetConnection.OpenAsync(databases.Server, unused.Database, searchPath, cancellationToken);
                return pristine = await Pristine.ReadAsync(connection, cancellationToken);
            }
            finally
            {
                // Also what cannot be read, as by a role that row security holds for, can be used.
                pool.Offer(unused);
            }
        }
        finally
        {
            pristineGate.Release();
        }
    }

    private async Task<string?> ResetAsync(Slot slot, Pristine unused, CancellationToken cancellationToken)
    {
        var reset = resets[slot.Database];
        var reason = await reset.RunAsync(slot.Database, unused, cancellationToken);

        // The next rename needs the database for itself.
        if (isFenced)
            await reset.CloseAsync();
        return reason;
    }

    /// <summary>What is outside the schema this lease made, as nobody else was there.</summary>
    private async Task LookOutsideAsync(DatabaseName database, int lease, CancellationToken cancellationToken)
    {
        databases.Outside.Hold(database, lease);
        databases.Outside.Release(database, lease);
        try
        {
            await databases.LookAsync(database, cancellationToken);
        }
        catch (NpgsqlException)
        {
            // The test has dropped the database, or nobody can connect to it: there is nothing to name.
        }
    }

    private async Task RetireAsync(Slot slot, int lease, string reason, CancellationToken cancellationToken)
    {
        retired.Add(new RetiredSlot(slot.ToString(), lease, reason));
        await ForgetAsync(slot);
        if (schema is not null)
            await LookOutsideAsync(slot.Database, lease, cancellationToken);
        await databases.DropAsync(slot.Database, cancellationToken);
    }
}
