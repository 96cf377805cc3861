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
    private readonly Dictionary<DatabaseName, int> notReleased = [];
    private Task? making;

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

    public async Task DropAsync(Slot slot, CancellationToken cancellationToken)
    {
        bool isLast;
        lock (gate)
            isLast = --notReleased[slot.Database] == 0;

        // A database costs one statement however many schemas are left in it.
        if (isLast)
            await databases.DropAsync(slot.Database, cancellationToken);
        else
            await databases.ExecuteAsync(slot.Database, Sql.DropSchema(slot.Schema!), cancellationToken);
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
                notReleased[database] = copies;
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
}
