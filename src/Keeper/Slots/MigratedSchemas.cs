using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>Schemas out of batches: the template holds several ready copies, so that one clone makes several slots.</summary>
/// <param name="databases">The session's databases.</param>
/// <param name="template">Clones the schema template into a new database.</param>
/// <param name="copies">How many copies the template holds.</param>
internal sealed class MigratedSchemas(
    SessionDatabases databases, Func<DatabaseName, CancellationToken, Task> cloneTemplateAsync, int copies) : ISlotSource
{
    private readonly object gate = new();
    private readonly Queue<Slot> ready = new();
    private readonly Dictionary<DatabaseName, Batch> batches = [];
    private Task? making;

    public IReadOnlyList<string> ExtensionSchemas => [SchemaName.Public];

    public bool SharesDatabase => true;

    public bool KeepsConnections => false;

    public async Task<Slot> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task batch;
            lock (gate)
            {
                if (ready.TryDequeue(out var slot))
                {
                    // The next batch is made while the tests use up this one.
                    if (ready.Count < copies / 2)
                        making ??= MakeBatchAsync();
                    return slot;
                }

                batch = making ??= MakeBatchAsync();
            }

            await batch.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Makes as many, before anybody asks for them.</summary>
    public async Task PrepareAsync(int slots)
    {
        for (var made = 0; made < slots; made += copies)
        {
            Task batch;
            lock (gate)
                batch = making ??= MakeBatchAsync();
            await batch;
        }
    }

    /// <summary>A database costs one statement however many schemas are in it, so they all go with the last.</summary>
    public async Task<Slot?> TakeBackAsync(Slot slot, int lease, CancellationToken cancellationToken)
    {
        var batch = Release(slot);
        try
        {
            await databases.LookAsync(slot.Database, cancellationToken);
        }
        finally
        {
            if (FinishLook(batch))
                await databases.DropAsync(slot.Database, cancellationToken);
        }

        return null;
    }

    /// <summary>Hands out no slot whose database is gone.</summary>
    public void ForgetLost(IReadOnlySet<DatabaseName> existing)
    {
        lock (gate)
        {
            var kept = ready.Where(slot => existing.Contains(slot.Database)).ToList();
            ready.Clear();
            kept.ForEach(ready.Enqueue);
        }
    }

    private Batch Release(Slot slot)
    {
        lock (gate)
        {
            var batch = batches[slot.Database];
            batch.Unreleased--;
            batch.Looking++;
            return batch;
        }
    }

    /// <returns>True for the one that ends last: while another one looks into the database, it must stay.</returns>
    private bool FinishLook(Batch batch)
    {
        lock (gate)
            return --batch.Looking == 0 && batch.Unreleased == 0;
    }

    // Not cancelled with the lease that asked: others wait for the batch too. The session ends it by its own token.
    private async Task MakeBatchAsync()
    {
        // Off the lock of whoever asked.
        await Task.Yield();
        try
        {
            var database = databases.NextForSchemas();
            await cloneTemplateAsync(database, CancellationToken.None);
            databases.Count(database, copies);
            lock (gate)
            {
                batches[database] = new Batch { Unreleased = copies };
                for (var number = 1; number <= copies; number++)
                    ready.Enqueue(new Slot(this, database, SchemaName.For(number)));
            }
        }
        finally
        {
            lock (gate)
                making = null;
        }
    }

    private sealed class Batch
    {
        public int Unreleased { get; set; }

        public int Looking { get; set; }
    }
}
