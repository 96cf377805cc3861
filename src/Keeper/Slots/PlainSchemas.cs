using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>Schemas that no migration has seen, in a database of the session's made for the first of them.</summary>
/// <param name="databases">The session's databases.</param>
internal sealed class PlainSchemas(SessionDatabases databases)
{
    private readonly SemaphoreSlim gate = new(1);
    private DatabaseName? database;
    private int lastNumber;

    /// <summary>Schemas that exist and are empty.</summary>
    public ISlotSource Empty => new Source(this, create: true);

    /// <summary>Names of schemas that do not exist.</summary>
    public ISlotSource NameOnly => new Source(this, create: false);

    /// <summary>Makes another database when this one is gone.</summary>
    public async Task ForgetLostAsync(IReadOnlySet<DatabaseName> existing, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        if (database is { } known && !existing.Contains(known))
            database = null;
        gate.Release();
    }

    private async Task<DatabaseName> EnsureDatabaseAsync(CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            if (database is { } existing)
                return existing;

            var made = databases.NextForSchemas();
            await databases.CreateAsync(made, template: null, cancellationToken);
            database = made;
            return made;
        }
        finally
        {
            gate.Release();
        }
    }

    private sealed class Source(PlainSchemas schemas, bool create) : ISlotSource
    {
        public IReadOnlyList<string> ExtensionSchemas => [];

        public bool SharesDatabase => true;

        public bool KeepsConnections => false;

        public async Task<Slot> TakeAsync(CancellationToken cancellationToken)
        {
            var database = await schemas.EnsureDatabaseAsync(cancellationToken);
            var slot = new Slot(this, database, SchemaName.For(Interlocked.Increment(ref schemas.lastNumber)));
            if (create)
                await schemas.Databases.ExecuteAsync(database, Sql.CreateSchema(slot.Schema!), cancellationToken);
            schemas.Databases.Count(database, 1);
            return slot;
        }

        public async Task<Slot?> TakeBackAsync(Slot slot, int lease, CancellationToken cancellationToken)
        {
            await schemas.Databases.DropSchemaAsync(slot.Database, slot.Schema!, cancellationToken);
            return null;
        }
    }

    private SessionDatabases Databases => databases;
}
