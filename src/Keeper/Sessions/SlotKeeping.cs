using System.Collections.Concurrent;
using SchemaIsolation.Keeper.Configuration;
using SchemaIsolation.Keeper.Postgres;
using SchemaIsolation.Keeper.Reporting;
using SchemaIsolation.Keeper.Slots;
using SchemaIsolation.Keeper.Sweeping;

namespace SchemaIsolation.Keeper.Sessions;

/// <summary>Looks at the slots of failed tests, and keeps them for their time.</summary>
/// <param name="session">Whose slots.</param>
/// <param name="options">How long, and of which project.</param>
/// <param name="log">Told what is kept.</param>
/// <param name="time">The clock.</param>
internal sealed class SlotKeeping(SessionId session, Options options, KeeperLog log, TimeProvider time)
{
    // A test's result waits for it.
    private static readonly TimeSpan LookTimeLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KeepTimeLimit = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<int, ReportedKept> kept = [];
    private int lastNumber;
    private int atWork;

    /// <summary>How many slots are being looked at or kept.</summary>
    public int AtWork => atWork;

    public IReadOnlyCollection<ReportedKept> Kept => [.. kept.Values];

    /// <summary>Keeps what was released. What is still held is looked at, and is to be kept at its release.</summary>
    public async Task LookAsync(KeepableLease lease, string test, FailedTestText text)
    {
        await EnterAsync(lease);
        try
        {
            lease.FailedTests.Add(test);
            if (lease.Slot.Source is not IOwnDatabases databases)
            {
                text.AddNotKept(lease.Test, $"it is the schema `{lease.Slot.Schema}` in a database that it shares with other leases. Lease with IsolatedDatabase, or a schema that the migrations make.");
                return;
            }

            // Its slot is gone with the first try.
            if (lease.NotKept is { } reason)
            {
                text.AddNotKept(lease.Test, reason);
                return;
            }

            lease.KeptName ??= DatabaseName.ForKept(session, Interlocked.Increment(ref lastNumber));
            var notes = lease.Notes is { } noted ? await NoteAsync(lease, noted with { Tests = [.. lease.FailedTests] })
                : lease.IsReleased ? await KeepAsync(lease, databases)
                : Notes(lease, await DescribeAsync(databases, lease.Slot));
            Add(text, lease, notes);
        }
        catch (Exception exception)
        {
            // Whatever it is, the test's result says so, and the session's end drops what is not kept.
            text.AddNotKept(lease.Test, Reason(exception));
            log.NotKept(test, Reason(exception));
        }
        finally
        {
            Leave(lease);
        }
    }

    /// <summary>Keeps what was held when its test failed, and is released now.</summary>
    public async Task KeepAsync(KeepableLease lease)
    {
        await EnterAsync(lease);
        try
        {
            if (lease is { KeptName: not null, IsKept: false })
                await KeepAsync(lease, (IOwnDatabases)lease.Slot.Source);
        }
        catch (Exception exception)
        {
            // As above; the test's result is gone.
            log.NotKept(lease.FailedTests[0], Reason(exception));
        }
        finally
        {
            Leave(lease);
        }
    }

    /// <summary>Whether a slot has a database of its own, which alone can be kept.</summary>
    public static bool CanKeep(KeepableLease lease) => lease.Slot.Source is IOwnDatabases;

    // Of one that was kept when another test had failed that used it.
    private async Task<KeptNotes> NoteAsync(KeepableLease lease, KeptNotes notes)
    {
        using var timeLimit = new CancellationTokenSource(KeepTimeLimit);
        await lease.Server.ExecuteAsync(Sql.CommentOnDatabase(lease.KeptName!.Value.OwnName, notes.ToString()), timeLimit.Token);
        return Report(lease, notes);
    }

    private KeptNotes Report(KeepableLease lease, KeptNotes notes)
    {
        kept[lease.Number] = new ReportedKept(lease.KeptName!.Value.ToString(), lease.Number, notes.Tests, notes.Until);
        return lease.Notes = notes;
    }

    private Task EnterAsync(KeepableLease lease)
    {
        Interlocked.Increment(ref atWork);
        return lease.Gate.WaitAsync();
    }

    private void Leave(KeepableLease lease)
    {
        lease.Gate.Release();
        Interlocked.Decrement(ref atWork);
    }

    // Named last: what is called so has its notes, and nobody writes to it any more.
    private async Task<KeptNotes> KeepAsync(KeepableLease lease, IOwnDatabases databases)
    {
        lease.IsKept = true;
        using var timeLimit = new CancellationTokenSource(KeepTimeLimit);
        var slot = lease.Slot;
        try
        {
            await lease.QuietAsync().WaitAsync(timeLimit.Token);
            slot = await databases.FenceAsync(slot, timeLimit.Token);
            var notes = Notes(lease, await DescribeAsync(databases, slot));
            await lease.Server.ExecuteAsync(Sql.CommentOnDatabase(slot.Database.OwnName, notes.ToString()), timeLimit.Token);
            await lease.Server.RenameDatabaseAsync(slot.Database, lease.KeptName!.Value, timeLimit.Token);
            log.Kept(lease.KeptName.Value.ToString(), notes.Tests[0], notes.Until);
            return Report(lease, notes);
        }
        catch (Exception exception)
        {
            lease.NotKept = Reason(exception);
            throw;
        }
        finally
        {
            await databases.ForgetAsync(slot);
        }
    }

    private KeptNotes Notes(KeepableLease lease, string found) => new()
    {
        Tests = [.. lease.FailedTests],
        Project = options.ProjectDirectory,
        Machine = Environment.MachineName,
        KeptAt = time.GetUtcNow(),
        Until = time.GetUtcNow() + options.KeepFailedFor,
        SearchPath = lease.Slot.SearchPath,
        Found = found,
    };

    private static async Task<string> DescribeAsync(IOwnDatabases databases, Slot slot)
    {
        using var timeLimit = new CancellationTokenSource(LookTimeLimit);
        try
        {
            return await databases.DescribeAsync(slot, timeLimit.Token);
        }
        catch (Exception exception)
        {
            // Whatever it is, as a role that row security holds for: it can be kept all the same.
            return $"What is in it could not be told: {Reason(exception)}\n";
        }
    }

    private static string Reason(Exception exception) => exception is OperationCanceledException ? "it took longer than its time limit." : exception.Message;

    private void Add(FailedTestText text, KeepableLease lease, KeptNotes notes)
    {
        var address = DatabaseAddress.ForPeople(lease.Server, lease.KeptName!.Value, notes.SearchPath);
        var inspect = $"dotnet exec \"{typeof(SlotKeeping).Assembly.Location}\" inspect {lease.KeptName} --project \"{options.ProjectDirectory}\"";
        text.AddKept(lease.Test, address.Psql, options.Server is null ? $"The embedded server stops with its last session; this starts it, and psql:\n\n    {inspect}" : $"The same:\n\n    {inspect}", notes.Until, lease.IsReleased, notes.Found);
    }
}
