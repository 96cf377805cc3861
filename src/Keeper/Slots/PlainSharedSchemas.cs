using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>Schemas in a shared database that no migration has seen.</summary>
/// <param name="database">Where they are made.</param>
/// <param name="create">Whether they exist, and are empty; else only their names are given away.</param>
internal sealed class PlainSharedSchemas(SharedDatabase database, bool create) : ISlotSource
{
    public IReadOnlyList<string> ExtensionSchemas => [];

    public bool SharesDatabase => true;

    public bool KeepsConnections => false;

    public async Task<Slot> TakeAsync(CancellationToken cancellationToken)
    {
        var schema = database.Next();
        if (create)
            await database.MakeAsync(schema, token => database.Server.ExecuteAsync(Sql.CreateSchema(schema), token), cancellationToken);
        else
            database.Count(schema);
        return new Slot(this, database.Name, schema);
    }

    public async Task<Slot?> TakeBackAsync(Slot slot, int lease, CancellationToken cancellationToken)
    {
        await database.DropAsync(slot.Schema!, cancellationToken);
        return null;
    }
}
