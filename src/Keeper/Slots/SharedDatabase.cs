using System.Collections.Concurrent;
using Npgsql;
using SchemaIsolation.Keeper.Postgres;

namespace SchemaIsolation.Keeper.Slots;

/// <summary>Makes the schemas of one session in a database that others use too, and counts them.</summary>
/// <param name="server">Where the database is.</param>
/// <param name="session">Whose schemas.</param>
/// <param name="dropAsync">Drops one, and nothing else; says why when it is kept.</param>
internal sealed class SharedDatabase(PostgresServer server, SessionId session, Func<string, CancellationToken, Task<string?>> dropAsync)
{
    private static readonly TimeSpan DropTimeLimit = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Task> made = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource closing = new();
    private int lastNumber;

    public PostgresServer Server => server;

    public DatabaseName Name { get; } = server.SharedDatabase!.Value;

    /// <summary>The schemas that were made, or whose names were given away.</summary>
    public IReadOnlyCollection<string> Made => [.. made.Keys];

    public string Next() => SchemaName.ForShared(session, Interlocked.Increment(ref lastNumber));

    /// <summary>Counts a schema that its test makes.</summary>
    public void Count(string schema) => made[schema] = Task.CompletedTask;

    /// <param name="schema">The schema.</param>
    /// <param name="makeAsync">Makes it and what is in it.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    public async Task MakeAsync(string schema, Func<CancellationToken, Task> makeAsync, CancellationToken cancellationToken)
    {
        using var open = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, closing.Token);
        open.Token.ThrowIfCancellationRequested();
        try
        {
            await (made[schema] = makeAsync(open.Token));
        }
        catch when (!closing.IsCancellationRequested)
        {
            await DropUnfinishedAsync(schema);
            throw;
        }
    }

    /// <exception cref="InvalidOperationException">Why it was kept.</exception>
    public async Task DropAsync(string schema, CancellationToken cancellationToken)
    {
        if (await dropAsync(schema, cancellationToken) is { } reason)
            throw new InvalidOperationException(reason);
    }

    /// <summary>Lets no schema come into being any more, so that what is listed on the server afterwards is all there is.</summary>
    public async Task CloseAsync()
    {
        await closing.CancelAsync();

        // Their failures were told to whoever asked for them.
        await Task.WhenAll(made.Values).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task DropUnfinishedAsync(string schema)
    {
        // A token of its own: what was cancelled or failed must not stay for as long as the session lasts.
        using var timeLimit = new CancellationTokenSource(DropTimeLimit);
        try
        {
            await dropAsync(schema, timeLimit.Token);
        }
        catch (Exception exception) when (exception is NpgsqlException or OperationCanceledException)
        {
            // What made the making fail is on its way to the user, and the session's end drops the schema, or says why not.
        }
    }
}
