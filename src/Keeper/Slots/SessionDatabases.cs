using System.Collections.Concurrent;
using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>Makes the databases of one session, and counts its slots.</summary>
internal sealed class SessionDatabases(PostgresServer server, SessionId session) : IAsyncDisposable
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<DatabaseName, int> slotsMade = new();
    private readonly ConcurrentDictionary<DatabaseName, Task> creations = new();
    private readonly ConcurrentDictionary<DatabaseName, DatabaseLook> looks = new();
    private readonly CancellationTokenSource closing = new();
    private int lastNumber;

    public PostgresServer Server => server;

    /// <summary>How many slots were made, by the database they are in or are.</summary>
    public IReadOnlyDictionary<DatabaseName, int> SlotsMade => slotsMade;

    /// <summary>What was made in them outside their slots.</summary>
    public OutsideObjects Outside { get; } = new();

    public DatabaseName NextForSchemas() => DatabaseName.ForSession(session, Interlocked.Increment(ref lastNumber));

    public DatabaseName NextForSlot() => DatabaseName.ForSlot(session, Interlocked.Increment(ref lastNumber));

    public void Count(DatabaseName database, int slots) => slotsMade.AddOrUpdate(database, slots, (_, count) => count + slots);

    public async Task CreateAsync(DatabaseName database, DatabaseName? template, CancellationToken cancellationToken, CloneStrategy? strategy = null)
    {
        using var open = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing.Token);
        await (creations[database] = server.CreateDatabaseAsync(database, template, open.Token, strategy));
    }

    /// <summary>Lets no database come into being any more, so that what is listed on the server afterwards is all there is.</summary>
    public async Task CloseAsync()
    {
        await closing.CancelAsync();

        // Their failures were told to whoever asked for them.
        await Task.WhenAll(creations.Values).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public async Task DropAsync(DatabaseName database, CancellationToken cancellationToken)
    {
        if (looks.TryRemove(database, out var look))
            await look.DisposeAsync();
        await server.DropDatabaseAsync(database, cancellationToken);
    }

    /// <summary>Drops a schema slot, after a look at what is outside the slots of its database.</summary>
    public Task DropSchemaAsync(DatabaseName database, string schema, CancellationToken cancellationToken)
        => Look(database).RunAsync(Outside, [Sql.SetLockTimeout(LockTimeout), Sql.DropSchema(schema)], cancellationToken);

    /// <summary>Looks at what is outside the slots of a database.</summary>
    public Task LookAsync(DatabaseName database, CancellationToken cancellationToken) => Look(database).RunAsync(Outside, [], cancellationToken);

    /// <summary>Runs a statement in a database of the session.</summary>
    public async Task ExecuteAsync(DatabaseName database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenUnpooledAsync(database.ToString(), cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Sql.SetLockTimeout(LockTimeout)));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var look in looks.Values)
            await look.DisposeAsync();
    }

    private DatabaseLook Look(DatabaseName database) => looks.GetOrAdd(database, name => new DatabaseLook(server, name));
}
