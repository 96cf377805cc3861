using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>A lease whose slot is not taken back before it is known whether its tests have failed.</summary>
/// <param name="number">The lease's.</param>
/// <param name="test">What it is called.</param>
/// <param name="slot">What was leased.</param>
/// <param name="server">Where that is.</param>
internal sealed class KeepableLease(int number, string test, Slot slot, PostgresServer server)
{
    private Task? quiet;
    private int isGivenBack;

    public int Number => number;

    public string Test => test;

    public Slot Slot => slot;

    public PostgresServer Server => server;

    /// <summary>For whoever looks at the slot or keeps it, one after the other.</summary>
    public SemaphoreSlim Gate { get; } = new(1);

    /// <summary>The failed tests that used it.</summary>
    public List<string> FailedTests { get; } = [];

    /// <summary>What its database is to be called; null while no test has failed.</summary>
    public DatabaseName? KeptName { get; set; }

    /// <summary>Whether it was kept, or that was tried.</summary>
    public bool IsKept { get; set; }

    /// <summary>Why it could not be kept; null while that is not so.</summary>
    public string? NotKept { get; set; }

    /// <summary>What is noted at its database; null while that is not kept.</summary>
    public KeptNotes? Notes { get; set; }

    public bool IsReleased => quiet is not null;

    /// <summary>Done when it was released and its connections are ended: so many of what waits would take them from the tests.</summary>
    public Task QuietAsync() => quiet ?? throw new InvalidOperationException("The lease is still held.");

    /// <param name="beforeAsync">What a release does first.</param>
    public void Release(Func<Task> beforeAsync) => quiet = EndConnectionsAsync(beforeAsync);

    /// <returns>Whether its slot is to be given back now, and was not before.</returns>
    public bool TryGiveBack() => Interlocked.Exchange(ref isGivenBack, 1) == 0;

    private async Task EndConnectionsAsync(Func<Task> beforeAsync)
    {
        await beforeAsync();
        if (!slot.Source.SharesDatabase)
            await server.EndConnectionsAsync(slot.Database, CancellationToken.None);
    }
}
