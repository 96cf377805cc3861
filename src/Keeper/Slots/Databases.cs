using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>Databases, each made when it is asked for.</summary>
/// <param name="databases">The session's databases.</param>
/// <param name="createAsync">Creates the database under the name, or leaves that to the test.</param>
internal sealed class Databases(SessionDatabases databases, Func<DatabaseName, CancellationToken, Task> createAsync) : ISlotSource
{
    public IReadOnlyList<string> ExtensionSchemas => [SchemaName.Public];

    public bool SharesDatabase => false;

    public bool KeepsConnections => false;

    public async Task<Slot> TakeAsync(CancellationToken cancellationToken)
    {
        var name = databases.NextForSlot();
        await createAsync(name, cancellationToken);
        databases.Count(name, 1);
        return new Slot(this, name, Schema: null);
    }

    public async Task<Slot?> TakeBackAsync(Slot slot, int lease, CancellationToken cancellationToken)
    {
        await databases.DropAsync(slot.Database, cancellationToken);
        return null;
    }
}
