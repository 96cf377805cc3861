using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Resets;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>Databases, each made when it is asked for.</summary>
/// <param name="databases">The session's databases.</param>
/// <param name="createAsync">Creates the database under the name, or leaves that to the test.</param>
internal sealed class Databases(SessionDatabases databases, Func<DatabaseName, CancellationToken, Task> createAsync) : IOwnDatabases
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

    public async Task<Slot> FenceAsync(Slot slot, CancellationToken cancellationToken)
    {
        var fenced = slot with { Database = databases.NextForSlot() };
        await databases.Server.RenameDatabaseAsync(slot.Database, fenced.Database, cancellationToken);
        return fenced;
    }

    public async Task<string> DescribeAsync(Slot slot, CancellationToken cancellationToken)
    {
        await using var connection = await ResetConnection.OpenAsync(databases.Server, slot.Database, searchPath: null, cancellationToken);
        return await new Difference(connection, unused: null).DescribeAsync(_ => true, [], catalogue: null, cancellationToken);
    }

    public ValueTask ForgetAsync(Slot slot) => ValueTask.CompletedTask;
}
